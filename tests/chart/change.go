package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// change is one thing that an entry of broken.yaml does to the sound manifest.
type change struct {
	// The kind of the one object that is changed.
	Of string `json:"of"`
	// Which field, as names and numbers between slashes; a tilde is a slash in a name. Without it, the object itself.
	At string `json:"at"`
	// The field's new value.
	To any `json:"to"`
	// Instead of it: the field, or the object, goes.
	Drop bool `json:"drop"`
	// Instead of all that: one more object.
	Add map[string]any `json:"add"`
}

// changed is the manifest with the changes.
func changed(sound []byte, changes []change) (string, error) {
	read, err := readManifest(sound)
	if err != nil {
		return "", err
	}
	objects := read.objects
	for _, change := range changes {
		if objects, err = change.apply(objects); err != nil {
			return "", err
		}
	}
	var texts []string
	for _, of := range objects {
		text, err := yaml.Marshal(of.Object)
		if err != nil {
			return "", err
		}
		texts = append(texts, string(text))
	}
	return strings.Join(texts, "---\n"), nil
}

// apply makes the change among some objects.
func (c change) apply(objects []object) ([]object, error) {
	if c.Add != nil {
		return append(objects, object{unstructured.Unstructured{Object: c.Add}}), nil
	}
	index := slices.IndexFunc(objects, func(of object) bool { return of.GetKind() == c.Of })
	if index < 0 {
		return nil, fmt.Errorf("there is no %s", c.Of)
	}
	if c.At == "" {
		return slices.Delete(objects, index, index+1), nil
	}
	changed, err := c.within(objects[index].Object, strings.Split(c.At, "/"))
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", c.Of, c.At, err)
	}
	objects[index].Object, _ = changed.(map[string]any)
	return objects, nil
}

// within changes the field that a path leads to; a list grows by the item after its last.
func (c change) within(value any, path []string) (any, error) {
	if len(path) == 0 {
		return c.To, nil
	}
	step, rest := strings.ReplaceAll(path[0], "~", "/"), path[1:]
	switch value := value.(type) {
	case map[string]any:
		if c.Drop && len(rest) == 0 {
			if _, there := value[step]; !there {
				return nil, fmt.Errorf("there is no %s to drop", step)
			}
			delete(value, step)
			return value, nil
		}
		changed, err := c.within(value[step], rest)
		value[step] = changed
		return value, err
	case []any:
		index, err := strconv.Atoi(step)
		if err != nil || index < 0 || index > len(value) {
			return nil, fmt.Errorf("the list has no item %s", step)
		}
		if index == len(value) {
			value = append(value, nil)
		}
		changed, err := c.within(value[index], rest)
		value[index] = changed
		return value, err
	case nil:
		return c.within(map[string]any{}, path)
	default:
		return nil, fmt.Errorf("there is no field %s in %T", step, value)
	}
}
