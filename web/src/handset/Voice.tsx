import { type Signal, useSignal } from "@preact/signals";
import { Mic, SendHorizontal, Trash2 } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import { confirm, type Phone, write } from "./store";
import { mmss } from "./time";
import type { Writing } from "./types";
import { sendBlob } from "./upload";
import { words } from "./words";

interface Props {
  phone: Phone;
  target: Pick<Writing, "provider" | "to">;
  recording: Signal<boolean>;
}

/** What WhatsApp itself sends comes first; a browser records what it can. */
const types = ["audio/ogg;codecs=opus", "audio/mp4", "audio/webm;codecs=opus"];

/** Records a voice message. Where there is no microphone a second of silence is sent. */
export function Voice({ phone, target, recording }: Props) {
  const seconds = useSignal(0);
  const recorder = useRef<MediaRecorder | undefined>(undefined);
  const keep = useRef(false);
  useEffect(() => {
    if (!recording.value) return;
    const started = Date.now();
    const timer = setInterval(() => (seconds.value = (Date.now() - started) / 1000), 200);
    return () => clearInterval(timer);
  }, [recording.value, seconds]);
  useEffect(() => () => finish(false), []);

  function finish(send: boolean) {
    keep.current = send;
    recorder.current?.stop();
  }

  async function record() {
    const type = types.find((one) => globalThis.MediaRecorder?.isTypeSupported(one));
    try {
      if (!type) throw new Error("no recorder");
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const chunks: Blob[] = [];
      const made = new MediaRecorder(stream, { mimeType: type });
      made.addEventListener("dataavailable", (event) => chunks.push(event.data));
      made.addEventListener("stop", () => {
        for (const track of stream.getTracks()) track.stop();
        recording.value = false;
        recorder.current = undefined;
        const plain = type.replace(";codecs=", "; codecs=");
        if (keep.current) void sendBlob(phone, target, new Blob(chunks, { type: plain }), "voice", true);
      });
      recorder.current = made;
      seconds.value = 0;
      recording.value = true;
      made.start();
    } catch {
      if (await write(phone, { ...target, kind: "audio", voice: true })) confirm(words.noMicrophone);
    }
  }

  if (!recording.value) {
    return (
      <button type="button" class="icon-btn" aria-label={words.record} title={words.record} onClick={() => void record()}>
        <Mic size={20} strokeWidth={1.75} aria-hidden="true" />
      </button>
    );
  }
  return (
    <div class="voice">
      <button type="button" class="icon-btn" aria-label={words.discard} onClick={() => finish(false)}>
        <Trash2 size={18} strokeWidth={1.75} aria-hidden="true" />
      </button>
      <span class="grow num" role="timer">
        <i class="rec" /> {mmss(seconds.value)}
      </span>
      <button type="button" class="send" aria-label={words.stop} onClick={() => finish(true)}>
        <SendHorizontal size={18} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </div>
  );
}
