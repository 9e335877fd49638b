package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A Millrace of the test's own: another port base and another state folder than the developer's.
 *
 * @param portBase the gateway's port
 * @param state where it keeps everything
 */
record Millrace(int portBase, Path state) {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** One with an empty state folder, on ports that are free now. */
    static Millrace fresh(String name) {
        Path state = Path.of("target", name).toAbsolutePath();
        deleteAll(state);
        return new Millrace(freeBase(), state);
    }

    /** What a finished command said. */
    record Said(int exitCode, String output) {}

    /** Runs {@code ./millrace} with these arguments to its end. */
    Said run(String... arguments) {
        return command(List.of(arguments));
    }

    /** Runs a shell line in the repository's root, as the README has it. */
    Said shell(String line) {
        return await(builder(List.of("bash", "-c", line)), Duration.ofMinutes(5));
    }

    private Said command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("./millrace"));
        command.addAll(arguments);
        return await(builder(command), Duration.ofMinutes(5));
    }

    /** Starts {@code ./millrace up} in the foreground and leaves it running, its output in a file. */
    Up up() {
        try {
            Files.createDirectories(state);
            Path log = Files.createTempFile(state.getParent(), "up-", ".log");
            Process process = builder(List.of("./millrace", "up"))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new Up(process, log);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A running {@code ./millrace up}. */
    record Up(Process process, Path log) {

        String output() {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /** Waits until it says how to try it. */
        Up ready() {
            await("up to be ready", Duration.ofMinutes(4), () -> {
                assertThat(process.isAlive()).as(output()).isTrue();
                return output().contains("curl");
            });
            return this;
        }

        /** Ctrl-C. */
        int interrupt() {
            signal("INT", process.pid());
            return exitCode();
        }

        void kill() {
            process.destroyForcibly();
            exitCode();
        }

        private int exitCode() {
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output()).isTrue();
                return process.exitValue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** The process of a part and its children. */
    List<Long> processesOf(String part) {
        try {
            long pid = Long.parseLong(
                    Files.readString(state.resolve("run/" + part + ".pid")).split(" ")[0]);
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            return java.util.stream.Stream.concat(java.util.stream.Stream.of(process), process.descendants())
                    .map(ProcessHandle::pid)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Sends one command to Redis and wants OK. */
    void redis(String command) {
        try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), portBase + 13)) {
            socket.getOutputStream().write((command + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(3);
            assertThat(new String(answer, java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("+OK");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Every process that works for this Millrace, by its command line, which names the state folder or a port of it. */
    List<String> processes() {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .filter(process -> commandLine(process).contains(state.toString()))
                .map(process -> process.pid() + " " + commandLine(process))
                .toList();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return process.info().commandLine().orElse("");
        }
    }

    String gateway() {
        return "http://localhost:" + portBase;
    }

    String key() {
        try {
            return Files.readString(state.resolve("demo-key")).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static void await(String what, Duration atMost, BooleanSupplier condition) {
        Instant end = Instant.now().plus(atMost);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting for " + what).isBefore(end);
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(50).toNanos());
        }
    }

    static void signal(String name, long pid) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile());
        builder.environment()
                .putAll(Map.of(
                        "MILLRACE_PORT_BASE",
                        Integer.toString(portBase),
                        "MILLRACE_STATE",
                        state.toString(),
                        "MILLRACE_BUILD",
                        "skip",
                        "MILLRACE_START_CACHE",
                        "off")); // what makes them would compute beside what is measured
        return builder;
    }

    private static Said await(ProcessBuilder builder, Duration atMost) {
        try {
            Path log = Files.createTempFile("millrace", ".log");
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean ended = process.waitFor(atMost.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String output = Files.readString(log);
            Files.delete(log);
            assertThat(ended).as(output).isTrue();
            return new Said(process.exitValue(), output);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Below the ports that Linux gives to outgoing connections, which could take one of ours between look and use. */
    private static int freeBase() {
        return java.util.stream.IntStream.iterate(20080, base -> base < 31600, base -> base + 1200)
                .filter(base -> Arrays.stream(new int[] {0, 1, 2, 3, 4, 11, 12, 13, 14, 100, 104, 1002, 1004})
                        .allMatch(offset -> free(base + offset)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no free range of ports"));
    }

    private static boolean free(int port) {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void deleteAll(Path folder) {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
