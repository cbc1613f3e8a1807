package names

import (
	"go/ast"
	"regexp"
	"strings"
)

// anyType stands, among the types whose members something has, for one that is
// not known.
const anyType = "?"

// declare adds what a file declares.
func (p *goPackage) declare(f *ast.File) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil {
				p.names[typeName(d.Recv.List[0].Type)+"."+d.Name.Name] = true
			} else {
				p.names[d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					for i, n := range spec.Names {
						p.names[n.Name] = true
						p.members(n.Name, valueType(spec, i))
					}
				case *ast.TypeSpec:
					p.names[spec.Name.Name] = true
					p.members(spec.Name.Name, spec.Type)
				}
			}
		}
	}
}

// valueType returns the type of the i-th variable or constant; nil if only the
// compiler knows it.
func valueType(spec *ast.ValueSpec, i int) ast.Expr {
	if spec.Type != nil || i >= len(spec.Values) {
		return spec.Type
	}
	value := spec.Values[i]
	if u, ok := value.(*ast.UnaryExpr); ok {
		value = u.X
	}
	if c, ok := value.(*ast.CompositeLit); ok {
		return c.Type
	}
	return nil
}

// members adds the fields and methods of a type that stands in place, or the
// name of the type that has them.
func (p *goPackage) members(of string, typ ast.Expr) {
	var list *ast.FieldList
	switch typ := typ.(type) {
	case *ast.StructType:
		list = typ.Fields
	case *ast.InterfaceType:
		list = typ.Methods
	case *ast.ArrayType, *ast.MapType, *ast.ChanType, *ast.FuncType:
		return
	default:
		p.more[of] = append(p.more[of], typePath(typ))
		return
	}
	for _, field := range list.List {
		for _, n := range field.Names {
			p.names[of+"."+n.Name] = true
		}
		if field.Names == nil {
			p.names[of+"."+typeName(field.Type)] = true
			p.more[of] = append(p.more[of], typePath(field.Type))
		}
	}
}

// typePath returns a type's name with its package, if that is another one.
func typePath(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typePath(e.X)
	case *ast.ParenExpr:
		return typePath(e.X)
	case *ast.IndexExpr:
		return typePath(e.X)
	case *ast.IndexListExpr:
		return typePath(e.X)
	case *ast.SelectorExpr:
		if id, ok := e.X.(*ast.Ident); ok {
			return id.Name + "." + e.Sel.Name
		}
	case *ast.Ident:
		return e.Name
	}
	return anyType
}

// typeName returns a type's name.
func typeName(e ast.Expr) string {
	name := typePath(e)
	return name[strings.LastIndexByte(name, '.')+1:]
}

// inFunction are the names of what the compiler makes of a function's parts.
var inFunction = regexp.MustCompile(`^(func|gowrap|deferwrap)\d+$`)

// member tells whether a type or variable of a package has a member, itself or by
// another type. Of the library's, and where the type is not known, it may.
func (x *Index) member(p *goPackage, of, name string, depth int) bool {
	if p.names[of+"."+name] || inFunction.MatchString(name) {
		return true
	}
	if !p.ours && (len(p.more[of]) > 0 || !p.known(of)) {
		return true
	}
	for _, other := range p.more[of] {
		pkg, typ, elsewhere := strings.Cut(other, ".")
		switch {
		case other == anyType || depth == 0:
			return true
		case !elsewhere && !p.names[other]:
			// A type of the language's, such as uint64: it has none.
		case !elsewhere:
			if x.member(p, other, name, depth-1) {
				return true
			}
		case x.anyMember(pkg, typ, name, depth):
			return true
		}
	}
	return false
}

// anyMember is member for a type of another package.
func (x *Index) anyMember(pkg, typ, name string, depth int) bool {
	known := false
	for _, p := range append(x.std.packages(pkg), x.packages[pkg]...) {
		if p.names[typ] {
			known = true
			if x.member(p, typ, name, depth-1) {
				return true
			}
		}
	}
	return !known
}

// known tells whether any member of a type or variable is known.
func (p *goPackage) known(of string) bool {
	for n := range p.names {
		if strings.HasPrefix(n, of+".") {
			return true
		}
	}
	return false
}
