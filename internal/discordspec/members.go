package discordspec

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// unknownMembers reports the members of a JSON body that its schema doesn't
// name. Discord ignores them, so they are mistakes that no answer shows.
func unknownMembers(schema *openapi3.SchemaRef, body []byte) error {
	if schema == nil || len(body) == 0 {
		return nil
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return fmt.Errorf("the body is no JSON: %w", err)
	}
	return errors.Join(walkMembers("body", v, alternatives(schema, nil))...)
}

// walkMembers compares one value, and all inside it, with its possible schemas.
func walkMembers(at string, v any, schemas []*openapi3.Schema) []error {
	var errs []error
	switch v := v.(type) {
	case []any:
		items := gather(schemas, func(s *openapi3.Schema) *openapi3.SchemaRef { return s.Items })
		for i, e := range v {
			errs = append(errs, walkMembers(fmt.Sprintf("%s[%d]", at, i), e, items)...)
		}
	case map[string]any:
		schemas = ofType(schemas, v["type"])
		for name, e := range v {
			of := gather(schemas, func(s *openapi3.Schema) *openapi3.SchemaRef { return member(s, name) })
			if len(of) == 0 {
				errs = append(errs, fmt.Errorf("%s has the unknown member %q", at, name))
				continue
			}
			errs = append(errs, walkMembers(at+"."+name, e, of)...)
		}
	}
	return errs
}

// member is the schema of an object's named member, or nil.
func member(s *openapi3.Schema, name string) *openapi3.SchemaRef {
	if p := s.Properties[name]; p != nil {
		return p
	}
	return s.AdditionalProperties.Schema
}

// ofType keeps the schemas whose "type" member may have the given value: that
// is how Discord tells components and options apart.
func ofType(schemas []*openapi3.Schema, typ any) []*openapi3.Schema {
	if typ == nil {
		return schemas
	}
	return slices.DeleteFunc(slices.Clone(schemas), func(s *openapi3.Schema) bool {
		p := s.Properties["type"]
		return p != nil && p.Value != nil && len(p.Value.Enum) > 0 && !slices.Contains(p.Value.Enum, typ)
	})
}

// gather flattens what get picks of each schema.
func gather(schemas []*openapi3.Schema, get func(*openapi3.Schema) *openapi3.SchemaRef) []*openapi3.Schema {
	var out []*openapi3.Schema
	for _, s := range schemas {
		out = alternatives(get(s), out)
	}
	return out
}

// alternatives appends a schema and everything it is composed of.
func alternatives(ref *openapi3.SchemaRef, out []*openapi3.Schema) []*openapi3.Schema {
	if ref == nil || ref.Value == nil || slices.Contains(out, ref.Value) {
		return out
	}
	out = append(out, ref.Value)
	for _, refs := range []openapi3.SchemaRefs{ref.Value.AllOf, ref.Value.AnyOf, ref.Value.OneOf} {
		for _, r := range refs {
			out = alternatives(r, out)
		}
	}
	return out
}
