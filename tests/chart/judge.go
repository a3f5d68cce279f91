package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"
)

// judge holds all rules.
type judge struct {
	versions   []*kubernetes
	custom     custom
	restricted func([]object) []string
	policies   []*policy
	folder     string
}

// newJudge reads all rules: schemas and CRDs, the Pod Security Standard, policies.
func newJudge(schemas, crds, policies string) (*judge, error) {
	made := &judge{folder: policies}
	var err error
	if made.versions, err = readKubernetes(schemas); err != nil {
		return nil, err
	}
	if made.custom, err = readCustom(schemas, crds); err != nil {
		return nil, err
	}
	if made.restricted, err = restricted(); err != nil {
		return nil, err
	}
	made.policies, err = readPolicies(policies)
	return made, err
}

// check is one rule over a render. Its id is how a broken manifest names it.
type check struct {
	id, title string
	find      func(manifest, map[string]bool) []string
}

// schemaCheck is the check of one version of Kubernetes.
func schemaCheck(version *kubernetes) check {
	return check{"kubernetes-" + version.version, "the schema of Kubernetes " + version.version,
		func(read manifest, _ map[string]bool) []string { return version.find(read.objects) }}
}

// checks are the checks that no version of Kubernetes changes.
func (j *judge) checks() []check {
	all := []check{
		{"yaml", "well-formed, each object and each key once", func(read manifest, _ map[string]bool) []string { return read.faults }},
		{"custom", "custom resources by their CRDs", func(read manifest, _ map[string]bool) []string { return j.custom.find(read.objects) }},
		{"names", "names, labels and annotations", func(read manifest, _ map[string]bool) []string { return badNames(read.objects) }},
		{"references", "what is referred to is there", func(read manifest, named map[string]bool) []string { return references(read.objects, named) }},
		{"hooks", "Helm makes what a hook needs before it", func(read manifest, _ map[string]bool) []string { return tooEarly(read.objects) }},
		{"pod-security", "the Pod Security Standard restricted, of every pod", func(read manifest, _ map[string]bool) []string { return j.restricted(read.objects) }},
	}
	for _, policy := range j.policies {
		name := policy.Metadata.Name
		all = append(all, check{"policy-" + name, "the policy " + name, func(read manifest, _ map[string]bool) []string {
			judged, found := policy.find(read.objects)
			if judged == 0 {
				return []string{"it is about none of the objects"}
			}
			return found
		}})
	}
	return all
}

// policyFiles judges the policies themselves, by Kyverno's CRD.
func (j *judge) policyFiles(results *tally) error {
	paths, err := filepath.Glob(filepath.Join(j.folder, "*.yaml"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		read, err := readFile(path)
		if err != nil {
			return err
		}
		found := append(read.faults, j.custom.find(read.objects)...)
		for _, kind := range j.custom.notJudged(read.objects) {
			found = append(found, kind+": no CRD of its group is there")
		}
		results.verdict(filepath.Base(path)+" by Kyverno's CRD", found)
	}
	return nil
}

// readFile reads a file of objects.
func readFile(path string) (manifest, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return manifest{}, err
	}
	read, err := readManifest(text)
	if err != nil {
		return manifest{}, fmt.Errorf("%s: %w", path, err)
	}
	return read, nil
}

// renders judges every case of a folder.
func (j *judge) renders(folder string, results *tally) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := j.render(filepath.Join(folder, entry.Name()), entry.Name(), results); err != nil {
			return err
		}
	}
	return nil
}

// render judges one case: what it gives for each version of Kubernetes. Where that is the same, it is judged once.
func (j *judge) render(folder, name string, results *tally) error {
	named, err := namesIn(filepath.Join(folder, "values.yaml"))
	if err != nil {
		return err
	}
	var judged []byte
	for _, version := range j.versions {
		path := filepath.Join(folder, version.version+".yaml")
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read, err := readManifest(text)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		checks, title := []check{schemaCheck(version)}, name
		if !bytes.Equal(text, judged) {
			if judged != nil {
				title = name + ", as rendered for Kubernetes " + version.version
			}
			checks = append(checks, j.checks()...)
			for _, kind := range j.custom.notJudged(read.objects) {
				results.note("not judged, no CRD at hand: " + kind)
			}
		}
		judged = text
		for _, check := range checks {
			results.verdict(fmt.Sprintf("%s (%d objects): %s", title, len(read.objects), check.title), check.find(read, named))
		}
	}
	return nil
}

// namesIn are all texts in a file of values: a name among them is one that the operator has given.
func namesIn(path string) (map[string]bool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var values any
	if err := yaml.UnmarshalStrict(text, &values); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	named := map[string]bool{}
	collectTexts(values, named)
	return named, nil
}

// collectTexts finds every text in a value.
func collectTexts(value any, into map[string]bool) {
	switch value := value.(type) {
	case string:
		into[value] = true
	case []any:
		for _, item := range value {
			collectTexts(item, into)
		}
	case map[string]any:
		for _, item := range value {
			collectTexts(item, into)
		}
	}
}
