package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
)

// Marks of schemas: a value that may be a number or a text; an object that may have more fields; a definition's kinds.
const (
	intOrString  = "x-kubernetes-int-or-string"
	keepsUnknown = "x-kubernetes-preserve-unknown-fields"
	groupKinds   = "x-kubernetes-group-version-kind"
)

// base64Pattern is standard base64 with its padding, the empty text too.
const base64Pattern = `^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$`

// widened are definitions whose text form is published, while the API server takes numbers for them too.
var widened = map[string]spec.StringOrArray{
	"io.k8s.apimachinery.pkg.api.resource.Quantity":   {"string", "number"},
	"io.k8s.apimachinery.pkg.util.intstr.IntOrString": {"string", "integer"},
}

// validated are the faults of a value by a schema; the path of each is in it.
func validated(schema *spec.Schema, value any) []string {
	var found []string
	for _, fault := range validate.NewSchemaValidator(schema, nil, "", strfmt.Default).Validate(value).Errors {
		found = append(found, strings.TrimPrefix(fault.Error(), "."))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// closing returns a schema without references that refuses fields it does not name, as the API server does when asked
// for strict validation.
type closing struct {
	definitions spec.Definitions
	done        map[string]spec.Schema
	underWay    map[string]bool
}

// newClosing closes what these definitions make up; a CRD has none beside itself.
func newClosing(definitions spec.Definitions) *closing {
	return &closing{definitions: definitions, done: map[string]spec.Schema{}, underWay: map[string]bool{}}
}

// named closes a definition. One that holds itself is left open where it does: only the schemas inside of CRDs are so.
func (c *closing) named(name string) (spec.Schema, error) {
	if closed, known := c.done[name]; known {
		return closed, nil
	}
	definition, known := c.definitions[name]
	if !known {
		return spec.Schema{}, fmt.Errorf("there is no definition %q", name)
	}
	if types, is := widened[name]; is {
		definition.Type, definition.Format = types, ""
	}
	if c.underWay[name] {
		return spec.Schema{}, nil
	}
	c.underWay[name] = true
	defer delete(c.underWay, name)
	closed, err := c.close(definition)
	if err != nil {
		return spec.Schema{}, fmt.Errorf("%s: %w", name, err)
	}
	c.done[name] = closed
	return closed, nil
}

// close closes a schema and all that it holds.
func (c *closing) close(schema spec.Schema) (spec.Schema, error) {
	if reference := schema.Ref.String(); reference != "" {
		return c.named(strings.TrimPrefix(reference, "#/definitions/"))
	}
	if truthy(schema.Extensions, intOrString) {
		schema.Type, schema.AnyOf = widened["io.k8s.apimachinery.pkg.util.intstr.IntOrString"], nil
	}
	// The library's own "byte" refuses the empty text, which the API server takes.
	if schema.Format == "byte" {
		schema.Format, schema.Pattern = "", base64Pattern
	}
	if len(schema.Properties) > 0 {
		properties := make(map[string]spec.Schema, len(schema.Properties))
		for name, property := range schema.Properties {
			closed, err := c.close(property)
			if err != nil {
				return schema, err
			}
			properties[name] = closed
		}
		schema.Properties = properties
		if schema.AdditionalProperties == nil && !truthy(schema.Extensions, keepsUnknown) {
			schema.AdditionalProperties = &spec.SchemaOrBool{Allows: false}
		}
	}
	if schema.Items != nil && schema.Items.Schema != nil {
		closed, err := c.close(*schema.Items.Schema)
		if err != nil {
			return schema, err
		}
		schema.Items = &spec.SchemaOrArray{Schema: &closed}
	}
	if values := schema.AdditionalProperties; values != nil && values.Schema != nil {
		closed, err := c.close(*values.Schema)
		if err != nil {
			return schema, err
		}
		schema.AdditionalProperties = &spec.SchemaOrBool{Allows: true, Schema: &closed}
	}
	return schema, nil
}

// truthy says whether a mark is set.
func truthy(extensions spec.Extensions, mark string) bool {
	set, is := extensions.GetBool(mark)
	return is && set
}

// readDefinitions reads the definitions of a published OpenAPI document, version 2.
func readDefinitions(text []byte) (spec.Definitions, error) {
	var document struct {
		Definitions spec.Definitions `json:"definitions"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	if len(document.Definitions) == 0 {
		return nil, fmt.Errorf("it has no definitions")
	}
	return document.Definitions, nil
}
