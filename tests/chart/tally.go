package main

import (
	"fmt"
	"io"
	"strings"
)

// tally prints verdicts and counts them.
type tally struct {
	out            io.Writer
	passed, failed int
}

// verdict prints one check: it passed where nothing was found.
func (t *tally) verdict(name string, found []string) {
	if len(found) == 0 {
		t.passed++
		fmt.Fprintf(t.out, "  ok      %s\n", name)
		return
	}
	t.failed++
	fmt.Fprintf(t.out, "  FAILED  %s\n            %s\n", name, strings.Join(found, "\n            "))
}

// note prints what is neither.
func (t *tally) note(text string) { fmt.Fprintf(t.out, "          %s\n", text) }

// end prints the sum; whether nothing failed, and something passed.
func (t *tally) end() bool {
	fmt.Fprintf(t.out, "%d passed, %d failed\n", t.passed, t.failed)
	return t.failed == 0 && t.passed > 0
}
