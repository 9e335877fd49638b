package io.millrace.local.application;

import io.millrace.local.supervision.Addresses;
import io.millrace.local.supervision.JavaCommand;
import io.millrace.local.supervision.PartFailed;
import io.millrace.local.supervision.PartState;
import io.millrace.local.supervision.Progress;
import io.millrace.local.supervision.Repository;
import io.millrace.local.supervision.RunningParts;
import io.millrace.local.supervision.Service;
import io.millrace.local.supervision.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the storefront's own programs: simulator, loader, trainer, evaluation. */
public final class StorefrontProgram {

    static final String NAME = "storefront";

    private static final Set<String> KNOW_THE_TRUTH = Set.of("simulate", "traffic", "evaluate");

    private final Repository repository;
    private final StateFolder state;
    private final Addresses addresses;

    public StorefrontProgram(Repository repository, StateFolder state, Addresses addresses) {
        this.repository = repository;
        this.state = state;
        this.addresses = addresses;
    }

    /**
     * Runs it as a step of {@code up}: what it says goes to the part's log, and what it reports is shown beside the part.
     *
     * @return the last line that it reported
     */
    String run(String part, List<String> arguments, RunningParts parts, Progress progress)
            throws PartFailed, InterruptedException {
        progress.show(part, PartState.RUNNING, "");
        String last = "";
        Path file = parts.newLog(part);
        try (var log = Files.newBufferedWriter(file, StandardOpenOption.APPEND)) {
            Process process = parts.startProgram(part, command(arguments), environment(arguments), file);
            try (var lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    log.write(line);
                    log.newLine();
                    log.flush();
                    if (!line.isBlank()) {
                        last = line.strip();
                        progress.show(part, PartState.RUNNING, last);
                    }
                }
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new PartFailed(
                        part,
                        part + " (storefront " + String.join(" ", arguments) + ") ended with status " + status + ".");
            }
            parts.remove(part);
        } catch (IOException e) {
            throw new PartFailed(part, part + " cannot be run: " + e.getMessage(), e);
        }
        return last;
    }

    /** Runs it in the terminal of the caller and returns its exit status. */
    public int runHere(List<String> arguments) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command(arguments)).inheritIO();
        builder.environment().putAll(environment(arguments));
        return builder.start().waitFor();
    }

    private List<String> command(List<String> arguments) throws IOException {
        var rest = new ArrayList<>(List.of("-cp", repository.classPath(NAME), "io.millrace.storefront.Storefront"));
        rest.addAll(arguments);
        return JavaCommand.full(List.of("-Xmx1g"), rest);
    }

    /** Where the running system is; where the simulator's truth is, for those alone who may know it. */
    Map<String, String> environment(List<String> arguments) throws IOException {
        var own = state.application(NAME);
        Files.createDirectories(own);
        var environment = new HashMap<>(Map.of(
                "MILLRACE_GATEWAY_URL", addresses.url(Service.GATEWAY),
                "MILLRACE_KEY_FILE", state.demoKey().toString(),
                "MILLRACE_FEATURE_URL", addresses.url(Service.FEATURE),
                "MILLRACE_KAFKA", addresses.kafkaBootstrap(),
                "MILLRACE_INFERENCE_REPOSITORY", state.models().toString(),
                "MILLRACE_STATE_DIR", own.toString()));
        if (KNOW_THE_TRUTH.contains(arguments.getFirst())) {
            environment.put(
                    "MILLRACE_TRUTH_DIR",
                    state.root().resolve("simulation-truth").toString());
        }
        return environment;
    }
}
