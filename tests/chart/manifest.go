package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// object is one object of Kubernetes, as it was rendered.
type object struct{ unstructured.Unstructured }

// String names the object as people do: kind/name.
func (o object) String() string { return o.GetKind() + "/" + o.GetName() }

// manifest is what one rendering gives: its objects, and what is wrong with the text itself.
type manifest struct {
	objects []object
	faults  []string
}

// readManifest takes the documents apart. A key that is there twice is a fault: parsers take one of the two, silently.
func readManifest(text []byte) (manifest, error) {
	var read manifest
	seen := map[string]bool{}
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for index := 1; ; index++ {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return read, nil
		}
		if err != nil {
			return read, err
		}
		found, fault := readObject(document)
		switch {
		case fault != nil:
			read.faults = append(read.faults, fmt.Sprintf("document %d: %v", index, fault))
		case found != nil:
			id := found.GetAPIVersion() + " " + found.GetNamespace() + " " + found.String()
			if seen[id] {
				read.faults = append(read.faults, fmt.Sprintf("document %d: %s is there twice", index, found))
			}
			seen[id] = true
			read.objects = append(read.objects, *found)
		}
	}
}

// readObject reads one document; none where it holds comments only.
func readObject(document []byte) (*object, error) {
	json, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return nil, err
	}
	var content any
	// Whole numbers stay whole, as the schemas' "integer" wants them.
	if err := utiljson.Unmarshal(json, &content); err != nil {
		return nil, err
	}
	switch content := content.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		found := object{unstructured.Unstructured{Object: content}}
		for _, part := range []struct{ field, value string }{
			{"apiVersion", found.GetAPIVersion()}, {"kind", found.GetKind()}, {"metadata.name", found.GetName()},
		} {
			if part.value == "" {
				return nil, fmt.Errorf("it has no %s", part.field)
			}
		}
		return &found, nil
	default:
		return nil, fmt.Errorf("it is no object, but %T", content)
	}
}
