package qemu

// Prompt is what Vitrine's shell writes when it waits for a line.
const Prompt = "vitrine> "

// PromptPattern matches the prompt at the end of the output, with colours too.
const PromptPattern = `vitrine>(\x1b\[[0-9;]*m)* $`
