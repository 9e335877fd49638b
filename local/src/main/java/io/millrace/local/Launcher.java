package io.millrace.local;

import io.millrace.local.application.Apply;
import io.millrace.local.application.DefinitionException;
import io.millrace.local.application.Demo;
import io.millrace.local.application.StorefrontLoader;
import io.millrace.local.application.StorefrontProgram;
import io.millrace.local.supervision.EnvironmentAddresses;
import io.millrace.local.supervision.LauncherLock;
import io.millrace.local.supervision.PartFailed;
import io.millrace.local.supervision.Ports;
import io.millrace.local.supervision.Progress;
import io.millrace.local.supervision.Repository;
import io.millrace.local.supervision.RunningParts;
import io.millrace.local.supervision.StateFolder;
import io.millrace.local.supervision.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where {@code ./millrace} hands over to Java. */
public final class Launcher {

    private final Repository repository;
    private final StateFolder state;
    private final Ports ports;

    private Launcher(Repository repository, StateFolder state, Ports ports) {
        this.repository = repository;
        this.state = state;
        this.ports = ports;
    }

    /** The system property {@code millrace.home} says where the repository is; the current folder if it is not set. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            Command command = Command.parse(Arrays.asList(arguments));
            Path home = Path.of(System.getProperty("millrace.home", ""))
                    .toAbsolutePath()
                    .normalize();
            Path state = Optional.ofNullable(System.getenv("MILLRACE_STATE"))
                    .filter(configured -> !configured.isBlank())
                    .map(Path::of)
                    .orElseGet(() -> home.resolve(".millrace"))
                    .toAbsolutePath()
                    .normalize();
            StateFolder folder = new StateFolder(state);
            System.exit(new Launcher(new Repository(home), folder, ports(folder)).run(command));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + " ./millrace help says what there is.");
            System.exit(2);
        }
    }

    /** Those of MILLRACE_PORT_BASE; where it is not set, those of what is up. */
    private static Ports ports(StateFolder state) throws IOException {
        String base = System.getenv("MILLRACE_PORT_BASE");
        return base == null || base.isBlank()
                ? LauncherLock.ports(state).orElseGet(() -> Ports.configured(null))
                : Ports.configured(base);
    }

    private int run(Command command) throws IOException, InterruptedException {
        return switch (command) {
            case Command.Up up -> up(up);
            case Command.Down _ -> DownCommand.run(state);
            case Command.Stop stop -> new PartCommand(state, ports).stop(stop);
            case Command.Start start -> new PartCommand(state, ports).start(start);
            case Command.ShowStatus _ -> showStatus();
            case Command.Logs logs -> LogsCommand.run(state, logs);
            case Command.RunDemo _ -> isUp() ? new Demo(state, ports, System.out).run() : 1;
            case Command.ApplyFolder apply -> isUp() ? apply(apply.folder()) : 1;
            case Command.Provide _ -> provide();
            case Command.Evaluate evaluate -> isUp() ? storefront("evaluate", evaluate.arguments()) : 1;
            case Command.Simulate simulate -> isUp() ? storefront("traffic", simulate.arguments()) : 1;
            case Command.Help _ -> help();
        };
    }

    private int up(Command.Up options) throws IOException, InterruptedException {
        Optional<String> problem = state.problem();
        if (problem.isPresent()) {
            System.err.println(problem.get());
            return 1;
        }
        return options.detach() && LauncherLock.holder(state).isEmpty()
                ? DetachedUp.run(state, options)
                : new UpCommand(repository, state, ports, options).run();
    }

    private int showStatus() throws IOException, InterruptedException {
        Status status = Status.of(state, ports);
        status.parts().forEach(System.out::println);
        if (status.residentBytes() > 0) {
            System.out.printf("resident memory, all together: %d MB%n", status.residentBytes() >> 20);
        }
        return status.isComplete() ? 0 : 1;
    }

    private int apply(Path folder) throws InterruptedException {
        try {
            Apply.folder(folder, state, ports).forEach(System.out::println);
            return 0;
        } catch (DefinitionException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private int provide() throws IOException, InterruptedException {
        var addresses = new EnvironmentAddresses(System.getenv());
        state.ensureDemoKey();
        try {
            new StorefrontLoader(repository, state, addresses, new RunningParts(state), Progress.onStandardOutput())
                    .load(Optional.empty());
            return 0;
        } catch (PartFailed e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private int storefront(String program, List<String> arguments) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(program));
        all.addAll(arguments);
        return new StorefrontProgram(repository, state, ports).runHere(all);
    }

    private static int help() {
        System.out.println(Command.USAGE);
        return 0;
    }

    private boolean isUp() throws IOException, InterruptedException {
        if (Status.of(state, ports).isComplete()) {
            return true;
        }
        System.err.println(
                "Millrace is not up (%s, port %d). Start it with ./millrace up; ./millrace status says what runs."
                        .formatted(shown(state.root()), ports.base()));
        return false;
    }

    /** A path as the user would write it: relative to the current folder if it is in there. */
    static Path shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }
}
