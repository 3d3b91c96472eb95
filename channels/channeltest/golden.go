package channeltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"converse/channels"
)

// problems is what is wrong with an adapter, in words.
type problems []string

func (p *problems) addf(format string, args ...any) {
	*p = append(*p, fmt.Sprintf(format, args...))
}

func (p *problems) add(prefix string, more problems) {
	for _, problem := range more {
		p.addf("%s: %s", prefix, problem)
	}
}

// wanted compares got with the want.json of a case, or rewrites it.
func (r *runner) wanted(dir string, got any) problems {
	var found problems
	text := pretty(got)
	if r.update {
		path := filepath.Join(dir, "want.json")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil { // for everyone to read
			found.addf("rewrite the wanted result: %v", err)
		}
		return found
	}
	want, err := caseFile(dir, "want.json")
	if err != nil {
		found.addf("read the wanted result (run with -update to write it): %v", err)
		return found
	}
	if string(want) != text {
		found.addf("got\n%s\nwant\n%s", text, want)
	}
	return found
}

// caseFile reads a file of a case.
func caseFile(dir, name string) ([]byte, error) { return fs.ReadFile(os.DirFS(dir), name) }

// onlyFiles reports files of a case that nothing reads: most likely misspelt.
func onlyFiles(dir string, names ...string) problems {
	var found problems
	entries, err := os.ReadDir(dir)
	if err != nil {
		found.addf("list the files of the case: %v", err)
	}
	for _, entry := range entries {
		if !slices.Contains(names, entry.Name()) {
			found.addf("the case holds a file that is not read: %s", entry.Name())
		}
	}
	return found
}

// showEvents gives each event the name of its type and leaves out zero values.
func showEvents(events []channels.Event) []any {
	shown := make([]any, 0, len(events))
	for _, event := range events {
		shown = append(shown, map[string]any{reflect.TypeOf(event).Name(): show(event)})
	}
	return shown
}

// show turns a value into plain JSON without its zero values; what a golden file
// does not name is zero.
func show(value any) any {
	var plain any
	decoder := json.NewDecoder(strings.NewReader(pretty(value)))
	decoder.UseNumber()
	if err := decoder.Decode(&plain); err != nil {
		return "not JSON: " + err.Error()
	}
	return prune(plain)
}

func prune(value any) any {
	switch value := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, inner := range value {
			if name == "RetryAfter" || name == "Lifetime" {
				inner = showDuration(inner)
			}
			if inner = prune(inner); inner != nil {
				kept[name] = inner
			}
		}
		if len(kept) > 0 {
			return kept
		}
		return nil
	case []any:
		if len(value) == 0 {
			return nil
		}
		for i := range value {
			value[i] = prune(value[i])
		}
		return value
	case string:
		if value == "" || value == (time.Time{}).Format(time.RFC3339) {
			return nil
		}
	case json.Number:
		if value == "0" {
			return nil
		}
	case bool:
		if !value {
			return nil
		}
	}
	return value
}

func showDuration(value any) any {
	number, ok := value.(json.Number)
	if !ok {
		return value
	}
	nanoseconds, err := number.Int64()
	if err != nil || nanoseconds == 0 {
		return nil
	}
	return time.Duration(nanoseconds).String()
}

func pretty(value any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return "cannot be shown: " + err.Error()
	}
	return out.String()
}
