package main

import "runtime/debug"

// version is the commit the program was built from, as Go stamps it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "converse (unknown build)"
	}
	revision, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			revision = " " + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = " (changed)"
		}
	}
	return "converse" + revision + modified + " " + info.GoVersion
}
