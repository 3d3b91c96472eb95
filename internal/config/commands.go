package config

import (
	"time"
)

// grammar is what kong reads: one field a command.
type grammar struct {
	Dev               Dev               `cmd:"" help:"Run everything on this machine: a private database, made-up leads and providers that are played."`
	Serve             Serve             `cmd:"" help:"Run a node on your own PostgreSQL, Redis and S3."`
	Migrate           Migrate           `cmd:"" help:"Bring the database's schema up to this version."`
	Setup             Setup             `cmd:"" help:"Make an org and its first administrator in a migrated database."`
	Connect           Connect           `cmd:"" help:"Connect a provider's account to an org."`
	ResetSecondFactor ResetSecondFactor `cmd:"" help:"Take a user's second factor away who has lost phone and recovery codes and whom no administrator can help."`
	Doctor            Doctor            `cmd:"" help:"Check that everything a node needs is there and say what to do about what is not."`
	Sandbox           Sandbox           `cmd:"" help:"Play the providers over HTTP, with handsets to answer from."`
	Version           Version           `cmd:"" help:"Say which version this is."`
}

// Log is shared by the commands that log.
type Log struct {
	LogLevel string `default:"info" enum:"debug,info,warn,error" help:"Least level that is logged: ${enum}."`
}

// Dev is the command that needs nothing but this machine.
type Dev struct {
	Data           string `default:"./data" help:"Folder for the database and files; made when missing."`
	Listen         string `default:"127.0.0.1:8080" help:"Where browsers and providers come in."`
	InternalListen string `default:"127.0.0.1:8081" help:"Where health and metrics are read; keep it from the outside."`
	SandboxListen  string `default:"127.0.0.1:8082" help:"Where the played providers and their handsets are."`
	Leads          int    `default:"500" help:"Made-up leads in a fresh database, 0 to 100000."`
	SeedDate       Day    `placeholder:"YYYY-MM-DD" help:"The day the made-up past ends; none means today."`
	FileTries      int    `default:"4" help:"How often a file that a provider does not give is asked for before it is shown as failed, 1 to 20; 4 take half a minute."`
	PostgresBin    string `placeholder:"DIR" help:"Folder of initdb and postgres, if they are not where packages put them."`
	Log
}

// Serve is a node of a real installation.
type Serve struct {
	Listen         string        `default:":8080" help:"Where browsers and providers come in."`
	InternalListen string        `default:"127.0.0.1:8081" help:"Where health and metrics are read; keep it from the outside."`
	NodeName       string        `placeholder:"NAME" help:"Name of this node in leases and logs; none means host name and process id."`
	DrainTimeout   time.Duration `default:"30s" help:"How long a stop waits for work in progress, 1s to 10m."`
	MaxBody        Size          `default:"4MiB" help:"Largest webhook or call, 64KiB to 64MiB."`
	DatabaseConns  int           `default:"20" help:"Connections to PostgreSQL, 4 to 1000."`
	SendLease      time.Duration `default:"60s" help:"How long a message is one node's to send before another takes over, 10s to 10m. A call to a provider gets half of it, 30s at most. For tests and slow providers."`
	Uploads        int           `default:"32" help:"Files of users that come in at once, 1 to 1000."`
	UploadsPerUser int           `default:"4" help:"Files of one user that come in at once, 1 to 100."`
	FileTries      int           `default:"12" help:"How often a file that a provider does not give is asked for before it is shown as failed, 1 to 20; 12 take over two hours."`
	AllowPrivate   []string      `placeholder:"LIST" help:"Private addresses that providers may have, as host:port or network, with commas between."`
	TrustProxies   []string      `placeholder:"LIST" help:"Networks of the proxies before this node, with commas between. Only they are believed whom a request is from (X-Forwarded-For)."`
	Needs
	Log
}

// Needs is what a node cannot run without.
type Needs struct {
	PublicURL     string  `name:"public-url" placeholder:"URL" help:"Where the world reaches this installation: http or https, no path."`
	DatabaseURL   Address `name:"database-url" placeholder:"URL" help:"PostgreSQL, such as postgres://user:password@host/converse."`
	RedisURL      Address `name:"redis-url" placeholder:"URL" help:"Redis: redis://, rediss:// or unix://; with commas between, the nodes of a cluster."`
	S3Endpoint    string  `name:"s3-endpoint" placeholder:"HOST:PORT" help:"S3 server for files, or use --media-dir."`
	S3Bucket      string  `name:"s3-bucket" placeholder:"NAME" help:"Bucket for files; it must exist."`
	S3AccessKey   string  `name:"s3-access-key" placeholder:"KEY" help:"Access key of the bucket."`
	S3SecretKey   Secret  `name:"s3-secret-key" placeholder:"KEY" help:"Secret key of the bucket."`
	S3Region      string  `name:"s3-region" default:"us-east-1" help:"Region of the bucket."`
	S3Insecure    bool    `name:"s3-insecure" help:"Speak plain HTTP to the S3 server."`
	MediaDir      string  `placeholder:"DIR" help:"Folder for files instead of S3. All nodes must share it."`
	MasterKey     Secret  `placeholder:"KEY" help:"Key that seals provider credentials: 32 random bytes in base64. Two with a comma between: the first seals, both open."`
	MasterKeyFile string  `placeholder:"FILE" help:"File with the master key, or with two on lines of their own."`
}

// Migrate brings the schema up.
type Migrate struct {
	DatabaseURL Address `name:"database-url" placeholder:"URL" help:"PostgreSQL, as the role that owns the tables."`
	Log
}

// Doctor looks but changes nothing. It takes the settings of Serve and reports
// those that are missing instead of refusing to run.
type Doctor struct {
	JSON         bool          `name:"json" help:"Print the results as JSON."`
	Timeout      time.Duration `default:"10s" help:"How long one check may take, 1s to 10m."`
	Data         string        `placeholder:"DIR" help:"Data folder of converse dev, to check that instead."`
	AllowPrivate []string      `placeholder:"LIST" help:"As for serve."`
	Needs
	Log
}

// Setup makes an org and the administrator who invites everybody else.
type Setup struct {
	DatabaseURL   Address `name:"database-url" placeholder:"URL" help:"PostgreSQL, as for serve."`
	Org           string  `placeholder:"NAME" help:"Name of the org."`
	Country       string  `default:"US" help:"Country that phone numbers without a country code are read by, as two letters."`
	AdminName     string  `placeholder:"NAME" help:"Name of the administrator."`
	AdminEmail    string  `placeholder:"ADDRESS" help:"E-mail address that the administrator signs in with."`
	AdminPassword Secret  `placeholder:"PASSWORD" help:"Their password, 12 characters or more; none means one is made up and printed."`
	Demo          bool    `help:"Make the demo's org, people, leads and connectors instead."`
	ProviderURL   string  `name:"provider-url" placeholder:"URL" help:"With --demo: where the providers are played, as converse sandbox prints it."`
	PublicURL     string  `name:"public-url" placeholder:"URL" help:"With --demo: where the providers call, as for serve."`
	Leads         int     `default:"500" help:"With --demo: made-up leads, 0 to 100000."`
	MasterKey     Secret  `placeholder:"KEY" help:"With --demo: the key that seals provider credentials, as for serve."`
	MasterKeyFile string  `placeholder:"FILE" help:"With --demo: file with the master key, as for serve."`
}

// Connect makes a connector of what a file says.
type Connect struct {
	DatabaseURL   Address `name:"database-url" placeholder:"URL" help:"PostgreSQL, as for serve."`
	Org           string  `placeholder:"ID" help:"The org's id, as converse setup prints it."`
	File          string  `placeholder:"FILE" help:"The account, as JSON (see above); - means standard input."`
	PublicURL     string  `name:"public-url" placeholder:"URL" help:"Where the provider calls, as for serve."`
	MasterKey     Secret  `placeholder:"KEY" help:"Key that seals provider credentials, as for serve."`
	MasterKeyFile string  `placeholder:"FILE" help:"File with the master key, as for serve."`
}

// ResetSecondFactor lets a user back in whom nobody of their org can help.
type ResetSecondFactor struct {
	DatabaseURL   Address `name:"database-url" placeholder:"URL" help:"PostgreSQL, as for serve."`
	Email         string  `placeholder:"ADDRESS" help:"E-mail address that the user signs in with."`
	MasterKey     Secret  `placeholder:"KEY" help:"Key that seals second factors, as for serve."`
	MasterKeyFile string  `placeholder:"FILE" help:"File with the master key, as for serve."`
}

// Help says what comes of it.
func (ResetSecondFactor) Help() string {
	return `The user signs in with the password alone the next time, and sets up another second factor if their
organisation requires one. All their sessions end. The audit says that the operator did it.`
}

// Help says what the file holds.
func (Connect) Help() string {
	return `What is wrong with the file is said by the field's name, and then nothing is stored. Otherwise one JSON
line says where the provider is to call. Templates that are there already are left as they are.

    {
      "provider": "whatsapp_cloud", "name": "WhatsApp",
      "settings": {"waba_id": "102290129340398"},
      "secrets": {"access_token": "…", "app_secret": "…"},
      "senders": [{"channel": "whatsapp", "address": "+12025550101",
                   "ref": "106540352242922", "label": "Sales"}],
      "templates": [{"channel": "whatsapp", "name": "viewing_invitation", "language": "en_US",
                     "category": "marketing", "body": "Hello {{1}}, when may we call?",
                     "examples": {"1": "Asha"}}]
    }

    {
      "provider": "ctm", "name": "CallTrackingMetrics",
      "settings": {"account_id": "500001"},
      "secrets": {"access_key": "…", "secret_key": "…", "signing_secret": "…"},
      "senders": [{"channel": "sms", "address": "+12025550100",
                   "ref": "TPNC3C4B23", "label": "Front desk"}]
    }

    {
      "provider": "twilio", "name": "Twilio",
      "settings": {"account_sid": "AC…"},
      "secrets": {"auth_token": "…"},
      "senders": [{"channel": "sms", "address": "+12025550107", "label": "Rentals"},
                  {"channel": "whatsapp", "address": "+12025550108", "label": "Rentals"}]
    }`
}

// Sandbox plays the providers.
type Sandbox struct {
	File   string `placeholder:"FILE" help:"Accounts and phones to play, as JSON; without one, accounts are added by POST /control/accounts."`
	Listen string `default:"127.0.0.1:8082" help:"Where the played providers and their handsets are."`
	Log
}

// Help says what the file holds and where to go on.
func (Sandbox) Help() string {
	return `GET /control lists the calls that make leads write, providers report and things go wrong; /handset/ is the
page on which to be the lead. Give a connector the sandbox's address as its base address, and a node that
serves it --allow-private HOST:PORT.

The file, of which converse setup --demo prints a whole one under "sandbox":

    {
      "accounts": [
        {"provider": "ctm", "accountId": "500001", "signingSecret": "…",
         "webhookUrl": "http://127.0.0.1:8080/hooks/ctm/ENDPOINT",
         "credentials": {"accessKey": "…", "secretKey": "…"},
         "senders": [{"address": "+12025550100", "ref": "TPN1"}]},
        {"provider": "whatsapp_cloud", "accountId": "102290129340398",
         "signingSecret": "…", "verifyToken": "…",
         "webhookUrl": "http://127.0.0.1:8080/hooks/whatsapp_cloud/ENDPOINT",
         "credentials": {"accessToken": "…"},
         "senders": [{"address": "+12025550101", "ref": "106540352242922"}],
         "templates": [{"name": "hello", "language": "en_US", "body": "Hi {{1}}"}]}
      ],
      "leads": [{"phone": "+12025550123", "name": "Asha"},
                {"whatsappId": "US.1349", "hidePhone": true, "name": "Ben"}],
      "past": [{"sender": "+12025550101", "lead": "+12025550123",
                "messages": [{"text": "Hello", "at": "2026-01-31T12:00:00Z"}]}],
      "delaysMs": {"sent": 150, "delivered": 300, "read": 1200},
      "seed": 1
    }`
}

// Version says which version this is.
type Version struct{}
