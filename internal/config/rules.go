package config

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"
)

func (d *Dev) check() error {
	if d.Data == "" {
		return wrong("data", "must name a folder")
	}
	return first(
		checkListen("listen", d.Listen),
		checkListen("internal-listen", d.InternalListen),
		checkListen("sandbox-listen", d.SandboxListen),
		checkApart("internal-listen", d.InternalListen, "listen", d.Listen),
		checkApart("sandbox-listen", d.SandboxListen, "listen", d.Listen),
		checkApart("sandbox-listen", d.SandboxListen, "internal-listen", d.InternalListen),
		within("leads", d.Leads, 0, 100_000),
		within("file-tries", d.FileTries, 1, 20),
	)
}

func (s *Serve) check() error {
	if s.NodeName == "" {
		s.NodeName = fmt.Sprintf("%s-%d", hostname(), os.Getpid())
	}
	if missing := s.Missing(); len(missing) > 0 {
		return missing[0]
	}
	return first(
		checkListen("listen", s.Listen),
		checkListen("internal-listen", s.InternalListen),
		checkApart("internal-listen", s.InternalListen, "listen", s.Listen),
		checkNodeName("node-name", s.NodeName),
		within("drain-timeout", s.DrainTimeout, time.Second, 10*time.Minute),
		within("send-lease", s.SendLease, 10*time.Second, 10*time.Minute),
		within("max-body", s.MaxBody, 64*KiB, 64*MiB),
		within("database-conns", s.DatabaseConns, 4, 1000),
		within("uploads", s.Uploads, 1, 1000),
		within("uploads-per-user", s.UploadsPerUser, 1, 100),
		within("file-tries", s.FileTries, 1, 20),
		checkAllowPrivate("allow-private", s.AllowPrivate),
		checkProxies("trust-proxies", s.TrustProxies),
		s.Needs.check(),
	)
}

func (m *Migrate) check() error {
	if m.DatabaseURL == "" {
		return missingDatabase()
	}
	return checkDatabaseURL(m.DatabaseURL)
}

func (s *Setup) check() error {
	if s.DatabaseURL == "" {
		return missingDatabase()
	}
	s.PublicURL, s.ProviderURL = strings.TrimSuffix(s.PublicURL, "/"), strings.TrimSuffix(s.ProviderURL, "/")
	if err := checkDatabaseURL(s.DatabaseURL); err != nil {
		return err
	}
	if s.Demo {
		return s.checkDemo()
	}
	switch {
	case strings.TrimSpace(s.Org) == "":
		return wrong("org", "is required: the name of the org")
	case !country.MatchString(s.Country):
		return wrong("country", "must be two capital letters (ISO 3166), not %q", s.Country)
	case strings.TrimSpace(s.AdminName) == "":
		return wrong("admin-name", "is required: the name of the administrator")
	case !address.MatchString(s.AdminEmail):
		return wrong("admin-email", "must be an e-mail address, not %q", s.AdminEmail)
	case s.AdminPassword != "" && (len(s.AdminPassword) < 12 || len(s.AdminPassword) > 256):
		return wrong("admin-password", "must have 12 to 256 characters")
	}
	return nil
}

var (
	country = regexp.MustCompile(`^[A-Z]{2}$`)
	address = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
)

func (s *Setup) checkDemo() error {
	if s.MasterKey == "" && s.MasterKeyFile == "" {
		return wrong("master-key", "is required with --demo: 32 random bytes in base64, or a file with them by --master-key-file (%s)", Variable("master-key-file"))
	}
	if _, err := s.MasterKeys(); err != nil {
		return err
	}
	return first(
		checkPublicURL("public-url", s.PublicURL), checkPublicURL("provider-url", s.ProviderURL), within("leads", s.Leads, 0, 100_000),
	)
}

// MasterKeys reads the master keys, the one to seal with first.
func (s *Setup) MasterKeys() ([]Secret, error) { return masterKeys(s.MasterKey, s.MasterKeyFile) }

var orgID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func (c *Connect) check() error {
	if c.DatabaseURL == "" {
		return missingDatabase()
	}
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	switch {
	case !orgID.MatchString(c.Org):
		return wrong("org", "must be the org's id, as converse setup prints it, not %q", c.Org)
	case c.File == "":
		return wrong("file", "is required: the account as JSON, as converse connect --help shows it; - means standard input")
	case c.MasterKey == "" && c.MasterKeyFile == "":
		return wrong("master-key", "is required: the key that the nodes have, or a file with it by --master-key-file (%s)", Variable("master-key-file"))
	}
	_, err := c.MasterKeys()
	return first(err, checkDatabaseURL(c.DatabaseURL), checkPublicURL("public-url", c.PublicURL))
}

func (r *ResetSecondFactor) check() error {
	r.Email = strings.TrimSpace(r.Email)
	switch {
	case r.DatabaseURL == "":
		return missingDatabase()
	case !address.MatchString(r.Email):
		return wrong("email", "must be the e-mail address that the user signs in with, not %q", r.Email)
	case r.MasterKey == "" && r.MasterKeyFile == "":
		return wrong("master-key", "is required: the key that the nodes have, or a file with it by --master-key-file (%s)", Variable("master-key-file"))
	}
	_, err := r.MasterKeys()
	return first(err, checkDatabaseURL(r.DatabaseURL))
}

// MasterKeys reads the master keys, the one to seal with first.
func (r *ResetSecondFactor) MasterKeys() ([]Secret, error) {
	return masterKeys(r.MasterKey, r.MasterKeyFile)
}

// MasterKeys reads the master keys, the one to seal with first.
func (c *Connect) MasterKeys() ([]Secret, error) { return masterKeys(c.MasterKey, c.MasterKeyFile) }

func (d *Doctor) check() error {
	return first(
		within("timeout", d.Timeout, time.Second, 10*time.Minute),
		checkAllowPrivate("allow-private", d.AllowPrivate),
		d.Needs.check(),
	)
}

func (s *Sandbox) check() error { return checkListen("listen", s.Listen) }

func missingDatabase() error {
	return wrong("database-url", "is required: the PostgreSQL to use, such as postgres://user:password@host:5432/converse")
}

// S3 reports whether any setting of the S3 server was given.
func (n *Needs) S3() bool {
	return n.S3Endpoint != "" || n.S3Bucket != "" || n.S3AccessKey != "" || n.S3SecretKey != ""
}

// Missing lists the settings that a node needs and that were not given.
func (n *Needs) Missing() []error {
	var missing []error
	need := func(absent bool, flag, format string, args ...any) {
		if absent {
			missing = append(missing, wrong(flag, "is required: "+format, args...))
		}
	}
	need(n.PublicURL == "", "public-url", "where the world reaches this installation, such as https://chat.example.com")
	if n.DatabaseURL == "" {
		missing = append(missing, missingDatabase())
	}
	need(n.RedisURL == "", "redis-url", "the Redis to use, such as redis://host:6379")
	if n.S3() {
		need(n.S3Endpoint == "", "s3-endpoint", "host and port of the S3 server")
		need(n.S3Bucket == "", "s3-bucket", "the bucket for files")
		need(n.S3AccessKey == "", "s3-access-key", "the access key of the bucket")
		need(n.S3SecretKey == "", "s3-secret-key", "the secret key of the bucket")
	} else {
		need(n.MediaDir == "", "s3-endpoint", "an S3 server for files, or a folder by --media-dir (%s)", Variable("media-dir"))
	}
	need(n.MasterKey == "" && n.MasterKeyFile == "", "master-key",
		"32 random bytes in base64, or a file with them by --master-key-file (%s)", Variable("master-key-file"))
	return missing
}

// check looks at what was given and leaves out what was not.
func (n *Needs) check() error {
	n.PublicURL = strings.TrimSuffix(n.PublicURL, "/")
	if n.PublicURL != "" {
		if err := checkPublicURL("public-url", n.PublicURL); err != nil {
			return err
		}
	}
	if n.DatabaseURL != "" {
		if err := checkDatabaseURL(n.DatabaseURL); err != nil {
			return err
		}
	}
	if n.RedisURL != "" {
		if err := checkRedisURL("redis-url", n.RedisURL); err != nil {
			return err
		}
	}
	if n.S3() && n.MediaDir != "" {
		return wrong("media-dir", "cannot be used together with --s3-endpoint: files are kept in one place")
	}
	if strings.Contains(n.S3Endpoint, "/") {
		return wrong("s3-endpoint", "must be host:port without http://; use --s3-insecure for plain HTTP")
	}
	if n.MasterKey != "" && n.MasterKeyFile != "" {
		return wrong("master-key-file", "cannot be used together with --master-key")
	}
	if n.MasterKey != "" || n.MasterKeyFile != "" {
		_, err := n.MasterKeys()
		return err
	}
	return nil
}
