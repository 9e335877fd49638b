package io.millrace.local;

import io.millrace.local.application.ShopHistory;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What the command line asks for. */
sealed interface Command {

    /** Starts all; {@code data} says what the storefront begins with. */
    record Up(boolean detach, Optional<ShopHistory> data) implements Command {}

    record Down() implements Command {}

    /** Lets one part rest while the others run; {@code kill} ends it without a warning. */
    record Stop(String part, boolean kill) implements Command {}

    /** Lets a part run again. */
    record Start(String part) implements Command {}

    record ShowStatus() implements Command {}

    record Logs(String part, boolean follow) implements Command {}

    record RunDemo() implements Command {}

    record ApplyFolder(Path folder) implements Command {}

    /** Brings the storefront into services that the environment names. */
    record Provide() implements Command {}

    record Evaluate(List<String> arguments) implements Command {}

    /** Lets the simulated shop's customers use what runs. */
    record Simulate(List<String> arguments) implements Command {}

    record Help() implements Command {}

    String USAGE = """
            usage: ./millrace COMMAND

              up [--detach] [--size full | --data storefront=FILE.csv.gz [--until 2011-10-01]]
                                  build if needed, start everything, bring the storefront in: a small simulated shop,
                                  or a large one, or Online Retail
              down                stop everything
              stop PART [--kill]  stop one part, to see what the others do without it
              start PART          let it run again
              status              one line per part
              logs PART [-f]      what a part prints, for example logs app-service
              demo storefront     a request, three events, the answer that changed
              apply FOLDER        send an application's definitions to the services
              evaluate storefront [--data FILE.csv.gz --until 2011-10-01]
                                  how good the recommendations are, through the public API: in the simulated shop, or
                                  on Online Retail
              simulate storefront [--rate 10] [--for 60s]
                                  live traffic: customers of the simulated shop ask, click and buy
              provide storefront  bring the storefront into services that MILLRACE_GATEWAY_URL, _APP_URL, _FEATURE_URL,
                                  _VECTOR_URL, _INFERENCE_URL and MILLRACE_KAFKA name; docker compose does
              bench [NAME]        what can be measured; measures it
              test [--long] [--faults]
                                  the same as ./mvnw verify; or the slow tests, or those of faults

            Environment: MILLRACE_PORT_BASE (8080), MILLRACE_STATE (.millrace), MILLRACE_BUILD=skip,
            MILLRACE_JAVA_OPTS (more flags for the services), MILLRACE_REDIS_SERVER (a Redis binary),
            MILLRACE_START_CACHE=off (make no caches for a faster next start).""";

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException that says what is wrong with them
     */
    static Command parse(List<String> arguments) {
        var rest = new ArrayDeque<>(arguments);
        String name = rest.isEmpty() ? "help" : rest.pop();
        Command command = switch (name) {
            case "up" -> up(rest);
            case "down" -> new Down();
            case "stop" -> stop(rest);
            case "start" -> new Start(next("start needs the name of a part, for example redis", rest));
            case "status" -> new ShowStatus();
            case "logs" -> logs(rest);
            case "demo" -> {
                storefront("demo", rest);
                yield new RunDemo();
            }
            case "apply" -> new ApplyFolder(Path.of(next("apply needs a FOLDER", rest)));
            case "provide" -> {
                storefront("provide", rest);
                yield new Provide();
            }
            case "evaluate" -> {
                storefront("evaluate", rest);
                yield evaluate(rest);
            }
            case "simulate" -> {
                storefront("simulate", rest);
                yield simulate(rest);
            }
            case "help", "-h", "--help" -> new Help();
            default -> throw new IllegalArgumentException("There is no command `" + name + "`.");
        };
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("`" + name + "` does not take `" + rest.peek() + "`.");
        }
        return command;
    }

    private static Up up(Deque<String> rest) {
        boolean detach = false;
        Optional<Path> data = Optional.empty();
        Optional<String> until = Optional.empty();
        Optional<ShopHistory> size = Optional.empty();
        while (!rest.isEmpty() && rest.peek().startsWith("--")) {
            String option = rest.pop();
            switch (option) {
                case "--detach" -> detach = true;
                case "--data" -> data = Optional.of(dataOfStorefront(next("--data needs storefront=FILE", rest)));
                case "--until" -> until = Optional.of(day(next("--until needs a day such as 2011-10-01", rest)));
                case "--size" -> size = Optional.of(size(next("--size needs small or full", rest)));
                default -> throw new IllegalArgumentException("`up` has no option `" + option + "`.");
            }
        }
        if (until.isPresent() && data.isEmpty()) {
            throw new IllegalArgumentException("--until is for --data storefront=FILE, which is not given.");
        }
        if (size.isPresent() && data.isPresent()) {
            throw new IllegalArgumentException("--size is for the simulated shop; --data brings another one in.");
        }
        return new Up(detach, data.isPresent() ? Optional.of(ShopHistory.file(data.get(), until)) : size);
    }

    private static ShopHistory size(String value) {
        return switch (value) {
            case "small" -> ShopHistory.SIMULATED;
            case "full" -> ShopHistory.SIMULATED_FULL;
            default -> throw new IllegalArgumentException("--size takes small or full, not `" + value + "`.");
        };
    }

    private static Path dataOfStorefront(String value) {
        String prefix = "storefront=";
        if (!value.startsWith(prefix) || value.length() == prefix.length()) {
            throw new IllegalArgumentException("--data takes storefront=FILE, not `" + value + "`.");
        }
        return Path.of(value.substring(prefix.length()));
    }

    private static String day(String value) {
        try {
            return LocalDate.parse(value).toString();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("--until takes a day such as 2011-10-01, not `" + value + "`.", e);
        }
    }

    private static Stop stop(Deque<String> rest) {
        String part = next("stop needs the name of a part, for example redis", rest);
        boolean kill = "--kill".equals(rest.peek());
        if (kill) {
            rest.pop();
        }
        return new Stop(part, kill);
    }

    private static Logs logs(Deque<String> rest) {
        String part = next("logs needs the name of a part, for example app-service", rest);
        boolean follow = "-f".equals(rest.peek());
        if (follow) {
            rest.pop();
        }
        return new Logs(part, follow);
    }

    private static Evaluate evaluate(Deque<String> rest) {
        var arguments = List.copyOf(rest);
        rest.clear();
        return new Evaluate(arguments);
    }

    private static Simulate simulate(Deque<String> rest) {
        var arguments = List.copyOf(rest);
        rest.clear();
        return new Simulate(arguments);
    }

    private static void storefront(String command, Deque<String> rest) {
        String name = next(command + " needs the name of an application: storefront", rest);
        if (!name.equals("storefront")) {
            throw new IllegalArgumentException(
                    "There is no application `" + name + "` to " + command + ", only storefront.");
        }
    }

    private static String next(String missing, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(missing + ".");
        }
        return rest.pop();
    }
}
