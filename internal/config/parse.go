package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"
)

// ErrHelp says that help was asked for and has been printed.
var ErrHelp = errors.New("help was printed")

// exitUsage is the exit code for a command line that cannot be used.
const exitUsage = 2

// Error is a setting that is missing or wrong.
type Error struct {
	// Flag is the setting's name without dashes.
	Flag string
	// Reason says what is wrong and what is expected.
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("--%s (%s) %s", e.Flag, Variable(e.Flag), e.Reason)
}

// Variable is the environment variable of a flag.
func Variable(flag string) string {
	return "CONVERSE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// checker is a command that can tell whether its settings make sense, and fills in
// what depends on the machine.
type checker interface{ check() error }

// Parse reads a command line, the program's name not included, and returns the
// command: a *Dev, *Serve, *Migrate, *Setup, *Connect,
// *ResetSecondFactor, *Doctor, *Sandbox or *Version. Help goes to out. On a mistake it returns an error for Exit.
func Parse(args []string, lookup func(string) (string, bool), out io.Writer) (_ any, err error) {
	var g grammar
	helped := errors.New("help")
	parser, err := kong.New(&g,
		kong.Name("converse"),
		kong.Description("Real-time conversations with leads over SMS and WhatsApp."),
		kong.Writers(out, out),
		// kong leaves by a call where it cannot return; a panic gets us out of it.
		kong.Exit(func(int) { panic(helped) }),
		kong.Resolvers(environment(lookup)),
		kong.ValueFormatter(func(v *kong.Value) string {
			if v.Flag == nil || v.Name == "help" {
				return v.Help
			}
			return strings.TrimSuffix(v.Help, ".") + " ($" + Variable(v.Name) + ")."
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("prepare command line: %w", err)
	}
	defer func() {
		if r := recover(); r != nil {
			if r != any(helped) {
				panic(r)
			}
			err = ErrHelp
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return nil, worded(err)
	}
	command := parsed.Selected().Target.Addr().Interface()
	if c, ok := command.(checker); ok {
		if err := c.check(); err != nil {
			return nil, err
		}
	}
	return command, nil
}

// environment supplies flags that are not on the command line.
func environment(lookup func(string) (string, bool)) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if flag.Name == "help" {
			return nil, nil
		}
		if value, ok := lookup(Variable(flag.Name)); ok && value != "" {
			return value, nil
		}
		return nil, nil
	})
}

// complaint is how kong words a flag whose value it cannot read.
var complaint = regexp.MustCompile(`^--(?:\[no-\])?([a-z0-9-]+)(?:=\S*)?(?::| must be) (?s:(.*))$`)

// worded names the variable too.
func worded(err error) error {
	parts := complaint.FindStringSubmatch(err.Error())
	if parts == nil {
		return err
	}
	reason := parts[2]
	switch {
	case strings.HasPrefix(reason, "one of "):
		reason = "must be " + reason
	case strings.Contains(reason, `"EOL"`):
		reason = "needs a value"
	}
	return &Error{Flag: parts[1], Reason: reason}
}

// Exit says what Parse returned an error for, in exactly one line, and returns the
// code to exit with.
func Exit(err error, stderr io.Writer) int {
	if err == nil || errors.Is(err, ErrHelp) {
		return 0
	}
	line := strings.Join(strings.Fields(err.Error()), " ")
	fmt.Fprintln(stderr, "converse:", line)
	return exitUsage
}

// hostname is the machine's name, or something that says it has none.
func hostname() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "unnamed"
	}
	return name
}
