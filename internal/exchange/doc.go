// Package exchange keeps a log of what was said between us and providers.
//
// It owns the Doer that listens to an adapter's calls, the taking out of secrets, and the
// queue to the database. It promises that no call waits for the log: the queue is bounded,
// and when it is full the oldest entries are lost and counted. Heads and bodies are clipped;
// of files, and of what access tokens are granted by, only the size is kept.
// It must not know any provider, nor judge an answer.
package exchange
