// Package testkit gives tests the real servers Converse runs on: PostgreSQL, Redis
// and S3, each private to this test process and on private sockets or ports.
//
// It promises every test a database, a Redis or a bucket of its own, that nothing
// outlives the test process even when it is killed, and that a missing program
// fails the test loudly: a skipped test proves nothing. Servers that tests share
// are started when first asked for and stopped by Main; they are the one piece of
// package state, and the reason this package is for tests only.
//
// It must not know the product's tables: fixtures belong to the tests that need them.
package testkit
