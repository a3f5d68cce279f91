// Images and containers of this run alone: in a folder of their own, apart from those of the machine.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `environment` for buildah and podman, `run(command, ...args)` for what they print, `folder`, and `remove()`. */
export function openStore() {
  const folder = mkdtempSync(join(tmpdir(), "holdergraph-image-"));
  const storage = join(folder, "storage.conf");
  const containers = join(folder, "containers.conf");
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  // runc knows every generation of control groups. Limits of one's own, as a machine may not raise those that it has.
  writeFileSync(
    containers,
    `[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n` +
      `[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\ntmp_dir = "${join(folder, "libpod")}"\n`,
  );
  const environment = { ...process.env, CONTAINERS_STORAGE_CONF: storage, CONTAINERS_CONF: containers, TMPDIR: temporary };
  const run = (command, ...args) => {
    try {
      return execFileSync(command, args, { encoding: "utf8", env: environment, maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "pipe"] }).trim();
    } catch (error) {
      throw new Error(`${command} ${args.join(" ")} (${error.code ?? error.status}):\n${`${error.stdout}${error.stderr}`.slice(-4000)}`);
    }
  };
  // Layers over one another where the kernel can, copies elsewhere.
  for (const driver of ["overlay", "vfs"]) {
    writeFileSync(storage, `[storage]\ndriver = "${driver}"\ngraphroot = "${join(folder, driver)}"\nrunroot = "${join(folder, "run")}"\n`);
    try {
      run("buildah", "rm", run("buildah", "from", "scratch"));
      break;
    } catch (error) {
      if (driver === "vfs") throw error;
    }
  }
  const remove = () => {
    // Whoever uses another's network goes before it.
    for (const name of ["service", "sandbox"]) run("podman", "rm", "--force", "--ignore", "--time", "1", name);
    run("buildah", "rm", "--all");
    const mounted = readFileSync("/proc/self/mounts", "utf8").split("\n").map((line) => line.split(" ")[1] ?? "");
    for (const point of mounted.filter((one) => one.startsWith(`${folder}/`)).reverse()) run("umount", point);
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, environment, run, remove };
}
