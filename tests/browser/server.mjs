// A server with a folder of its own, which can be killed and started again.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import assert from "node:assert/strict";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = process.env.FACTDESK ?? join(root, "target/debug/factdesk");

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts `factdesk` on a folder; `start` it again after `kill`. */
export async function serverOn(folder) {
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const one = { url, said: "", process: null, ended: null };
  one.start = async () => {
    one.process = spawn(program, ["--listen", address, "--data", folder, "--log", "warn"], { stdio: ["ignore", "pipe", "inherit"] });
    one.process.stdout.on("data", (text) => (one.said += text));
    one.ended = new Promise((done) => one.process.once("exit", done));
    for (let tries = 0; ; tries++) {
      if (await fetch(`${url}/ready`).then((answer) => answer.ok, () => false)) return;
      assert.equal(one.process.exitCode, null, "the server ended before it was ready");
      assert.ok(tries < 1200, "the server does not get ready");
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  one.end = async (signal) => {
    one.process.kill(signal);
    await one.ended;
  };
  await one.start();
  return one;
}
