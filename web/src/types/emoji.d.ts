declare module "emoji-picker-element-data/*.json?url" {
  const url: string;
  export default url;
}
