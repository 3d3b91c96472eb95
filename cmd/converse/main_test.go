package main_test

import (
	"testing"

	"converse/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
