import { Pause, Play } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import { duration } from "./format.js";
import { IconButton } from "./IconButton.js";
import { s } from "./strings.js";

const rates = [1, 1.5, 2];

/** Plays a voice message, at one of three speeds. */
export function AudioPlayer({ url, onError }: { url: string; onError(): void }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [rate, setRate] = useState(1);
  const toggle = () => {
    if (playing) audio.current?.pause();
    else void audio.current?.play().catch(() => setPlaying(false));
  };
  const faster = () => {
    const next = rates[(rates.indexOf(rate) + 1) % rates.length] ?? 1;
    if (audio.current) audio.current.playbackRate = next;
    setRate(next);
  };
  return (
    <div class="audio">
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        onError={onError}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => setLength(Number.isFinite(event.currentTarget.duration) ? event.currentTarget.duration : 0)}
      />
      <IconButton icon={playing ? Pause : Play} label={playing ? s.media.pause : s.media.play} class="audio-play" onClick={toggle} />
      <input
        type="range"
        class="audio-position"
        min={0}
        max={length || 1}
        step={0.1}
        value={at}
        aria-label={s.media.position}
        aria-valuetext={duration(at)}
        onInput={(event) => {
          if (audio.current) audio.current.currentTime = Number(event.currentTarget.value);
        }}
      />
      <span class="meta num">{duration(playing || at > 0 ? at : length)}</span>
      <button type="button" class="audio-rate num" aria-label={s.media.speed(rate)} onClick={faster}>
        {rate}×
      </button>
    </div>
  );
}
