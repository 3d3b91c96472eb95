// Package importmap holds the map of who may import whom, as a test.
//
// It owns the five tiers: words, tools, rooms, doors, the house. Imports point
// down, never up and never sideways, save for a provider and its contract. A
// package that is not in the map fails the test, so a newcomer finds the map first.
// The package has no code of its own.
package importmap
