package io.millrace.inference.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.inference.model.RefusedModelException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads each version in a child process first. A file that ends the process, that takes all memory it may have, or that never
 * comes to an end costs the child alone. The child lives on for the next version, and ends when none has come for a while.
 * For one thread at a time.
 */
final class ChildProof implements ModelProof {

    private static final Logger log = LoggerFactory.getLogger(ChildProof.class);
    private static final Duration REST = Duration.ofSeconds(30);
    private static final Duration MOST_FOR_START = Duration.ofMinutes(2);
    private static final String END = "";

    private final List<String> command;
    private final Map<String, String> environment;
    private final Duration limit;
    private @Nullable Child child;
    private long lastUseNanos;

    /**
     * @param command starts a {@link ProofProcess}
     * @param environment what the process finds there beside this one's own
     * @param limit how long one version may take
     */
    ChildProof(List<String> command, Map<String, String> environment, Duration limit) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.limit = limit;
    }

    @Override
    public void prove(VersionFolder folder) throws RefusedModelException {
        String verdict;
        if (child != null && !child.process.isAlive()) {
            close();
        }
        try {
            Child asked = child;
            if (asked == null) {
                asked = new Child(command);
                child = asked;
                asked.awaitStart();
            }
            verdict = asked.ask(folder.folder().toAbsolutePath().toString(), limit);
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("it could not be tried out", e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new UncheckedIOException("it could not be tried out", new InterruptedIOException());
        }
        lastUseNanos = System.nanoTime();
        if (!verdict.equals(ProofProcess.GOOD)) {
            throw new RefusedModelException(verdict);
        }
    }

    @Override
    public void rest() {
        if (child != null && System.nanoTime() - lastUseNanos > REST.toNanos()) {
            close();
        }
    }

    @Override
    public void close() {
        if (child != null) {
            child.end();
            child = null;
        }
    }

    private final class Child {

        private final Path files;
        private final Process process;
        private final Writer in;
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

        Child(List<String> command) throws IOException {
            // Engines unpack their libraries there, and leave them when they crash.
            files = Files.createTempDirectory("millrace-proof");
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(environment);
            builder.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + files);
            try {
                process = builder.start();
            } catch (IOException e) {
                Files.delete(files);
                throw e;
            }
            in = process.outputWriter(UTF_8);
            Thread.ofVirtual().name("model-proof").start(this::listen);
        }

        private void listen() {
            try (BufferedReader out = process.inputReader(UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.startsWith(ProofProcess.ANSWER)) {
                        answers.add(line.substring(ProofProcess.ANSWER.length()));
                    }
                }
            } catch (IOException | UncheckedIOException _) {
                // the process is gone, as the end says
            }
            answers.add(END);
        }

        /** However busy the machine is: the time limit is for the version alone. */
        void awaitStart() throws IOException, InterruptedException {
            String answer = answers.poll(MOST_FOR_START.toNanos(), TimeUnit.NANOSECONDS);
            if (!ProofProcess.STARTED.equals(answer)) {
                throw new IOException("the child process did not start");
            }
        }

        String ask(String folder, Duration limit) throws IOException, InterruptedException {
            in.write(folder + "\n");
            in.flush();
            String answer = answers.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (answer == null) {
                close();
                return "it was not loaded and warm after %d s".formatted(limit.toSeconds());
            }
            if (answer.equals(END)) {
                int code = process.waitFor();
                close();
                return "it ended the process that tried it out, with exit code " + code;
            }
            return answer;
        }

        void end() {
            process.destroyForcibly();
            process.onExit().join();
            try (Stream<Path> left = Files.walk(files)) {
                for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                log.atWarn().addKeyValue("folder", files).setCause(e).log("temporary files left behind");
            }
        }
    }
}
