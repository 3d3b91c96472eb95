package safehttp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
)

// What an exchange can fail with, besides what the network says.
var (
	// ErrAddress: the host is, or resolves to, an address that must not be reached.
	ErrAddress = errors.New("address is not allowed")
	// ErrTooLarge: the answer is larger than the limit.
	ErrTooLarge = errors.New("answer is larger than allowed")
	// ErrRedirect: the answer is a redirect that must not be followed.
	ErrRedirect = errors.New("redirect is not allowed")
	// ErrRequest: the request itself cannot be sent.
	ErrRequest = errors.New("request cannot be sent")
)

// Error is a failed exchange.
type Error struct {
	// Heard: the request's header was written to a connection, so the other side may
	// have acted on it. False is proof that it has not.
	Heard bool
	// Err is the cause, for errors.Is and errors.As. Its text may hold what a log
	// must not; the text of Error does not.
	Err error

	method string
	host   string
}

func newError(req *http.Request, heard bool, err error) *Error {
	e := &Error{Heard: heard, Err: err, method: req.Method}
	if e.method == "" {
		e.method = http.MethodGet
	}
	if req.URL != nil {
		e.host = req.URL.Scheme + "://" + req.URL.Host
	}
	return e
}

// Error says what was done and what went wrong, in words that are safe to log.
func (e *Error) Error() string {
	return e.method + " " + e.host + ": " + e.Words()
}

// Words is what went wrong, for a person who does not know what was called.
func (e *Error) Words() string { return describe(e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Timeout reports whether the time was over.
func (e *Error) Timeout() bool { return isTimeout(e.Err) }

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &timeout) && timeout.Timeout()
}

// describe words an error from a list of causes that cannot hold anything of the
// request or the answer. What is not on the list is not worded at all: the
// standard library quotes URLs, header values and whatever the other side sent.
func describe(err error) string {
	var (
		lookup      *net.DNSError
		errno       syscall.Errno
		certificate *tls.CertificateVerificationError
		alert       tls.AlertError
		record      tls.RecordHeaderError
	)
	switch {
	case errors.Is(err, ErrAddress), errors.Is(err, ErrTooLarge), errors.Is(err, ErrRedirect), errors.Is(err, ErrRequest):
		return firstOf(err, ErrAddress, ErrTooLarge, ErrRedirect, ErrRequest).Error()
	case errors.As(err, &lookup):
		if lookup.IsNotFound {
			return "host name is not known"
		}
		return "host name cannot be looked up"
	case isTimeout(err):
		return "no answer in time"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.As(err, &certificate):
		return describeCertificate(certificate)
	case errors.As(err, &alert), errors.As(err, &record):
		return "TLS handshake failed"
	case errors.As(err, &errno):
		return errno.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "connection was closed before the answer was complete"
	case errors.Is(err, net.ErrClosed):
		return "connection was closed"
	}
	return "exchange broke off"
}

// describeCertificate says why the other side is not believed to be who was called.
func describeCertificate(err error) string {
	var (
		name      x509.HostnameError
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &name):
		return "certificate is for another host"
	case errors.As(err, &authority):
		return "certificate is signed by an unknown authority"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "certificate has expired, or is not valid yet"
	}
	return "certificate is not valid"
}

func firstOf(err error, candidates ...error) error {
	for _, c := range candidates {
		if errors.Is(err, c) {
			return c
		}
	}
	return err
}
