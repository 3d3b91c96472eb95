// Command converse is the whole product in one program.
//
//	converse dev       everything on this machine: private database, played providers
//	converse serve     a node of a real installation
//	converse migrate   bring the database's schema up to this version
//	converse setup     make an org and its first administrator
//	converse doctor    check what a node needs, and say what to do
//	converse sandbox   play the providers alone
//
// It owns the wiring: App builds every part from explicit settings, starts them in
// order and stops them in reverse. No part knows how another was made.
package main
