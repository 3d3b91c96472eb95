package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/config"
	"converse/internal/sandbox"
)

// Whoever copies the file that --help shows gets a sandbox that works.
func TestTheSandboxFileOfTheHelpIsOne(t *testing.T) {
	t.Parallel()
	help := config.Sandbox{}.Help()
	conf, err := sandbox.ReadConfig(strings.NewReader(help[strings.Index(help, "    {"):]))
	require.NoError(t, err)
	require.Len(t, conf.Accounts, 2)
	require.Len(t, conf.Leads, 2)
	require.Len(t, conf.Past, 1)
	require.NotZero(t, conf.DefaultDelays.Read)
}
