package config

import (
	"io"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"
)

// TestEveryFlagHasAVariable walks the commands as they are: a flag that is added
// without one fails.
func TestEveryFlagHasAVariable(t *testing.T) {
	t.Parallel()
	var g grammar
	parser, err := kong.New(&g)
	require.NoError(t, err)
	flags := 0
	for _, command := range parser.Model.Leaves(true) {
		asked := map[string]bool{}
		// What comes of it does not matter: the variables are asked for before.
		_, _ = Parse([]string{command.Name}, func(name string) (string, bool) {
			asked[name] = true
			return "", false
		}, io.Discard)
		for _, flag := range command.Flags {
			if flag.Name == "help" {
				continue
			}
			flags++
			require.Regexp(t, `^CONVERSE_[A-Z0-9_]+$`, Variable(flag.Name))
			require.True(t, asked[Variable(flag.Name)], "%s --%s does not ask for %s", command.Name, flag.Name, Variable(flag.Name))
			require.NotEmpty(t, flag.Help, "%s --%s", command.Name, flag.Name)
		}
	}
	require.Greater(t, flags, 50)
}

// TestEverySecretIsOfAKindThatHidesIt: a flag whose name says that it is secret, or an
// address that may hold a password, must not be a plain text.
func TestEverySecretIsOfAKindThatHidesIt(t *testing.T) {
	t.Parallel()
	var g grammar
	parser, err := kong.New(&g)
	require.NoError(t, err)
	hides := map[string]string{
		"master-key": "Secret", "s3-secret-key": "Secret", "admin-password": "Secret", "database-url": "Address", "redis-url": "Address",
	}
	for _, command := range parser.Model.Leaves(true) {
		for _, flag := range command.Flags {
			if kind, secret := hides[flag.Name]; secret {
				require.Equal(t, kind, flag.Target.Type().Name(), "%s --%s", command.Name, flag.Name)
			} else {
				require.NotRegexp(t, `secret|password|token`, flag.Name, "%s: is it hidden?", command.Name)
			}
		}
	}
}
