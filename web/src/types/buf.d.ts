// The validation rules are stripped from the front end: the generated files only
// name their descriptor, and nothing here ever runs them.
declare module "*/buf/validate/validate_pb.js" {
  import type { GenFile } from "@bufbuild/protobuf/codegenv2";
  export const file_buf_validate_validate: GenFile;
}
