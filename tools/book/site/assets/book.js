// The book's site: search, buttons that copy, and the contents on wide screens.
// It loads nothing but the index, which lies beside it.
"use strict";

(() => {
	const script = document.currentScript;
	const top = script.dataset.top;

	// Contents: open where there is room.
	const contents = document.querySelector(".contents details");
	const wide = matchMedia("(min-width: 60.01rem)");
	const fold = () => { contents.open = wide.matches; };
	wide.addEventListener("change", fold);
	fold();

	// Copying. Of a conversation it is what was typed, without prompts.
	const say = document.getElementById("found");
	const toClipboard = async (text) => {
		if (navigator.clipboard && window.isSecureContext) {
			try {
				await navigator.clipboard.writeText(text);
				return;
			} catch { /* not allowed: the old way */ }
		}
		const area = document.createElement("textarea");
		area.value = text;
		document.body.append(area);
		area.select();
		document.execCommand("copy");
		area.remove();
	};
	for (const button of document.querySelectorAll(".copy")) {
		button.addEventListener("click", async () => {
			const block = button.parentElement.querySelector("code");
			const typed = [...block.querySelectorAll(".typed")].map((line) => line.textContent);
			const text = typed.length > 0 ? typed.join("\n") + "\n" : block.textContent;
			await toClipboard(text);
			document.body.dataset.copied = text;
			button.textContent = "Copied";
			say.textContent = "Copied";
			setTimeout(() => { button.textContent = "Copy"; }, 2000);
		});
	}

	// Search. The index is loaded when it is first wanted.
	const query = document.getElementById("query");
	const results = document.getElementById("search_results");
	const maxResults = 20;
	let loading;
	const load = () => {
		loading ??= new Promise((done, fail) => {
			const s = document.createElement("script");
			s.src = top + "assets/index.js";
			s.onload = done;
			s.onerror = () => fail(new Error("the index cannot be loaded"));
			document.head.append(s);
		});
		return loading;
	};

	const wordsOf = (text) => text.toLowerCase().split(/[^\p{L}\p{N}_.]+/u).map((w) => w.replace(/^[._]+|[._]+$/g, "")).filter(Boolean);

	// find returns sections that have all words, the last as a beginning.
	const find = (index, words) => {
		let scores = null;
		words.forEach((word, i) => {
			const now = new Map();
			for (const [key, list] of Object.entries(index.words)) {
				const exact = key === word;
				if (!exact && !(i === words.length - 1 && key.startsWith(word))) continue;
				for (let n = 0; n < list.length; n += 2) {
					const score = list[n + 1] * (exact ? 2 : 1);
					now.set(list[n], Math.max(now.get(list[n]) ?? 0, score));
				}
			}
			if (scores === null) {
				scores = now;
				return;
			}
			const both = new Map();
			for (const [section, score] of now) {
				if (scores.has(section)) both.set(section, scores.get(section) + score);
			}
			scores = both;
		});
		return [...(scores ?? [])].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([section]) => index.sections[section]);
	};

	// excerpt returns the text around the first word, with all words marked.
	const excerpt = (text, words) => {
		const lower = text.toLowerCase();
		const at = Math.max(0, Math.min(...words.map((w) => lower.indexOf(w)).filter((i) => i >= 0), text.length) - 60);
		const piece = (at > 0 ? "…" : "") + text.slice(at, at + 200) + (at + 200 < text.length ? "…" : "");
		const p = document.createElement("p");
		let rest = piece;
		while (rest) {
			const small = rest.toLowerCase();
			let next = -1, length = 0;
			for (const w of words) {
				const i = small.indexOf(w);
				if (i >= 0 && (next < 0 || i < next)) { next = i; length = w.length; }
			}
			if (next < 0) { p.append(rest); break; }
			p.append(rest.slice(0, next));
			const mark = document.createElement("mark");
			mark.textContent = rest.slice(next, next + length);
			p.append(mark);
			rest = rest.slice(next + length);
		}
		return p;
	};

	const show = (list, words) => {
		results.replaceChildren();
		results.hidden = words.length === 0;
		if (words.length === 0) { say.textContent = ""; return; }
		const line = list.length === 0 ? "Nothing found." : `${list.length} ${list.length === 1 ? "section" : "sections"} found.`;
		say.textContent = line;
		const head = document.createElement("p");
		head.className = "page";
		head.textContent = line;
		const ol = document.createElement("ol");
		for (const s of list.slice(0, maxResults)) {
			const li = document.createElement("li");
			const a = document.createElement("a");
			a.href = top + s.address;
			a.textContent = s.title || s.page;
			const page = document.createElement("span");
			page.className = "page";
			page.textContent = " · " + s.page;
			li.append(a, page, excerpt(s.text, words));
			ol.append(li);
		}
		results.append(head, ol);
		results.dataset.query = query.value;
	};

	const search = async () => {
		const words = wordsOf(query.value);
		await load();
		if (words.join() === wordsOf(query.value).join()) show(words.length ? find(window.bookIndex, words) : [], words);
	};
	query.addEventListener("focus", load);
	query.addEventListener("input", search);
	if (query.value) search(); // typed before this script was there
	query.form.addEventListener("submit", (e) => {
		e.preventDefault();
		results.querySelector("a")?.focus();
	});
	const close = () => { results.hidden = true; };
	document.addEventListener("keydown", (e) => {
		const typing = e.target instanceof HTMLInputElement;
		if (e.key === "/" && !typing && !e.ctrlKey && !e.metaKey) { e.preventDefault(); query.focus(); }
		if (e.key === "Escape") { close(); if (typing) query.blur(); }
		if ((e.key === "ArrowDown" || e.key === "ArrowUp") && !results.hidden) {
			const links = [...results.querySelectorAll("a")];
			const i = links.indexOf(document.activeElement) + (e.key === "ArrowDown" ? 1 : -1);
			if (links.length === 0) return;
			e.preventDefault();
			if (i < 0) query.focus(); else links[Math.min(i, links.length - 1)].focus();
		}
	});
	results.addEventListener("click", (e) => { if (e.target instanceof HTMLAnchorElement) close(); });
	document.addEventListener("click", (e) => {
		if (!results.contains(e.target) && e.target !== query) close();
	});
})();
