package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// brokenCase is one entry of broken.yaml, which says what each field means.
type brokenCase struct {
	Name   string   `json:"name"`
	Fails  []string `json:"fails"`
	Says   []string `json:"says"`
	Change []change `json:"change"`
	Text   string   `json:"text"`
}

// ofOthers are the checks that other tools make, which run.sh asks.
var ofOthers = []string{"kube-score"}

// readBroken reads the entries, and the manifest that each of them is.
func readBroken(folder string) ([]brokenCase, error) {
	text, err := os.ReadFile(filepath.Join(folder, "broken.yaml"))
	if err != nil {
		return nil, err
	}
	var cases []brokenCase
	if err := yaml.UnmarshalStrict(text, &cases); err != nil {
		return nil, fmt.Errorf("broken.yaml: %w", err)
	}
	sound, err := os.ReadFile(filepath.Join(folder, "sound.yaml"))
	if err != nil {
		return nil, err
	}
	for index := range cases {
		broken := &cases[index]
		if broken.Text != "" {
			continue
		}
		if broken.Text, err = changed(sound, broken.Change); err != nil {
			return nil, fmt.Errorf("broken.yaml: %s: %w", broken.Name, err)
		}
	}
	return cases, nil
}

// broken shows that every check can fail: each entry is found by the checks that it names, and by no other.
func (j *judge) broken(folder string, results *tally) error {
	cases, err := readBroken(folder)
	if err != nil {
		return err
	}
	checks := j.checks()
	for _, version := range j.versions {
		checks = append(checks, schemaCheck(version))
	}
	shown := map[string]bool{}
	for _, broken := range cases {
		faults, err := j.brokenCase(broken, checks, shown)
		if err != nil {
			return fmt.Errorf("broken.yaml: %s: %w", broken.Name, err)
		}
		results.verdict("broken: "+broken.Name, faults)
	}
	for _, check := range checks {
		if !shown[check.id] {
			results.verdict("something broken for "+check.id, []string{"there is nothing: nothing shows that this check can fail"})
		}
	}
	return nil
}

// brokenCase compares what the checks say with what the entry expects.
func (j *judge) brokenCase(broken brokenCase, checks []check, shown map[string]bool) ([]string, error) {
	read, err := readManifest([]byte(broken.Text))
	if err != nil {
		return nil, err
	}
	// The one name that somebody else provides.
	named := map[string]bool{"sound-tls": true}
	var fails, said, faults []string
	for _, check := range checks {
		if !j.isAbout(check.id, read.objects) {
			continue
		}
		if found := check.find(read, named); len(found) > 0 {
			fails, said = append(fails, check.id), append(said, found...)
			shown[check.id] = true
		}
	}
	slices.Sort(fails)
	wanted := j.expanded(broken.Fails)
	if !slices.Equal(fails, wanted) {
		faults = append(faults, fmt.Sprintf("found by %v, expected %v", fails, wanted))
	}
	for _, part := range broken.Says {
		if !slices.ContainsFunc(said, func(line string) bool { return strings.Contains(line, part) }) {
			faults = append(faults, fmt.Sprintf("nobody says %q", part))
		}
	}
	if len(faults) > 0 {
		faults = append(faults, said...)
	}
	return faults, nil
}

// isAbout says whether a check is about one of the objects; only a policy may be about none.
func (j *judge) isAbout(id string, objects []object) bool {
	for _, policy := range j.policies {
		if "policy-"+policy.Metadata.Name == id {
			return slices.ContainsFunc(objects, policy.matches)
		}
	}
	return true
}

// expanded turns the checks that an entry names into ids, without those of other tools.
func (j *judge) expanded(names []string) []string {
	var ids []string
	for _, name := range names {
		switch {
		case slices.Contains(ofOthers, name):
		case name == "kubernetes":
			for _, version := range j.versions {
				ids = append(ids, "kubernetes-"+version.version)
			}
		case name == "kubernetes-oldest":
			ids = append(ids, "kubernetes-"+j.versions[0].version)
		case name == "kubernetes-newest":
			ids = append(ids, "kubernetes-"+j.versions[len(j.versions)-1].version)
		default:
			ids = append(ids, name)
		}
	}
	slices.Sort(ids)
	return ids
}
