// Package config reads the command line and the environment into one struct a
// command.
//
// It owns the names, defaults and bounds of all settings. Every flag has a variable
// CONVERSE_<FLAG>; the flag wins, and an empty variable counts as not set. It
// promises that what Parse returns has been checked, that the first thing wrong is
// said in one line that names both, and that no credential shows when a command's
// settings are printed, logged or refused.
//
// It opens nothing but the master key's file, imports none of our packages, and
// must not know what the settings are for beyond their shape.
package config
