// Command codegen writes the table of close codes for the front end, so that the
// server and the client cannot disagree on when to come back.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"

	"converse/hub"
)

const target = "../web/src/gen/closecodes.ts"

func main() {
	var out bytes.Buffer
	out.WriteString("// Code generated from hub/code.go. DO NOT EDIT.\n\n")
	out.WriteString("export interface CloseCode {\n  name: string;\n  comeBack: boolean;\n  slowly: boolean;\n  afresh: boolean;\n}\n\n")
	out.WriteString("export const closeCodes: Readonly<Record<number, CloseCode>> = {\n")
	for _, c := range hub.Codes() {
		fmt.Fprintf(&out, "  %d: { name: %q, comeBack: %t, slowly: %t, afresh: %t },\n", c.Number, c.Name, c.ComeBack, c.Slowly, c.Afresh)
	}
	out.WriteString("};\n")
	if err := os.WriteFile(target, out.Bytes(), 0o644); err != nil { //nolint:gosec // source code, for everyone to read
		log.Fatal(err)
	}
}
