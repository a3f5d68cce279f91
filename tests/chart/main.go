// Command chart-verdicts judges rendered manifests by the rules of others: the schemas of Kubernetes and of custom
// resources, the Pod Security Standard, and our policies for Kyverno; and whether what refers to something finds it.
//
// It prints one line a check and ends with "N passed, N failed".
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	options := options{}
	flag.StringVar(&options.schemas, "schemas", "", "folder with kubernetes-VERSION.json and crd-NAME.yaml (required)")
	flag.StringVar(&options.crds, "crds", "", "folder with more files crd-NAME.yaml")
	flag.StringVar(&options.policies, "policies", "", "folder with Kyverno's policies (required)")
	flag.StringVar(&options.renders, "renders", "", "folder with a folder a case: VERSION.yaml and values.yaml")
	flag.StringVar(&options.broken, "broken", "", "folder with sound.yaml and broken.yaml, which break it")
	flag.StringVar(&options.write, "write", "", "folder to write all of them to, for other tools")
	flag.Parse()

	results := &tally{out: os.Stdout}
	if err := run(options, results); err != nil {
		fmt.Fprintf(os.Stderr, "chart-verdicts: %v\n", err)
		os.Exit(2)
	}
	if !results.end() {
		os.Exit(1)
	}
}

// options are the folders that the command line names.
type options struct{ schemas, crds, policies, renders, broken, write string }

// run judges what is asked for; an error means that the tool itself cannot do its work.
func run(options options, results *tally) error {
	if options.schemas == "" || options.policies == "" {
		return errors.New("-schemas and -policies are required; see -help")
	}
	if options.renders == "" && options.broken == "" {
		return errors.New("nothing to judge: give -renders or -broken; see -help")
	}
	judge, err := newJudge(options.schemas, options.crds, options.policies)
	if err != nil {
		return err
	}
	if options.write != "" {
		if err := judge.write(options); err != nil {
			return err
		}
	}
	if err := judge.policyFiles(results); err != nil {
		return err
	}
	if options.renders != "" {
		if err := judge.renders(options.renders, results); err != nil {
			return err
		}
	}
	if options.broken != "" {
		return judge.broken(options.broken, results)
	}
	return nil
}
