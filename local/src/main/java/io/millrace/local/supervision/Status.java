package io.millrace.local.supervision;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * How the parts are, as anybody can see who knows the state folder and the ports.
 *
 * @param parts one line each, the infrastructure first
 */
public record Status(List<Part> parts) {

    public Status {
        parts = List.copyOf(parts);
    }

    /**
     * One part.
     *
     * @param state {@code running}, {@code starting} or {@code stopped}
     * @param residentBytes its share of the memory; 0 if this system does not say
     * @param start how long it took to become ready
     */
    public record Part(
            String name,
            String state,
            int port,
            Optional<Long> pid,
            long residentBytes,
            Optional<StartTimes.StartTime> start) {

        @Override
        public String toString() {
            String process = pid.map(id -> String.format(Locale.ROOT, "  pid %-8d %5d MB", id, residentBytes >> 20))
                    .orElse("");
            String ready = start.filter(_ -> pid.isPresent())
                    .map(time -> String.format(
                            Locale.ROOT,
                            "  ready in %4.1f s, %4.1f s of CPU",
                            time.wall().toMillis() / 1e3,
                            time.cpu().toMillis() / 1e3))
                    .orElse("");
            return String.format(Locale.ROOT, "%-18s %-9s :%d%s%s", name, state, port, process, ready);
        }
    }

    /** Looks at every part. */
    public static Status of(StateFolder state, Ports ports) throws IOException, InterruptedException {
        try (var together = Executors.newVirtualThreadPerTaskExecutor()) {
            var looks = new ArrayList<Future<Part>>();
            for (String part : names()) {
                looks.add(together.submit(() -> of(part, state, ports)));
            }
            var parts = new ArrayList<Part>();
            for (Future<Part> look : looks) {
                parts.add(look.get());
            }
            return new Status(parts);
        } catch (ExecutionException e) {
            throw new IOException("The state of the parts cannot be read: " + e.getCause(), e);
        }
    }

    /** Looks at one part. */
    public static Part of(String part, StateFolder state, Ports ports) throws IOException, InterruptedException {
        var records = new ProcessRecords(state.run());
        var start = new StartTimes(state).of(part);
        return switch (part) {
            case "postgres" -> part(part, ports.postgres(), records, start, accepts(ports.postgres()));
            case "kafka" -> part(part, ports.kafka(), records, start, accepts(ports.kafka()));
            case "redis" -> part(part, ports.redis(), records, start, accepts(ports.redis()));
            default -> {
                Service service = Service.named(part).orElseThrow();
                yield part(part, ports.http(service), records, start, ServiceProcess.isReady(service, ports));
            }
        };
    }

    private static List<String> names() {
        return Stream.concat(
                        Stream.of("postgres", "kafka", "redis"),
                        Arrays.stream(Service.values()).map(Service::title))
                .toList();
    }

    /** The memory of all parts together. */
    public long residentBytes() {
        return parts.stream().mapToLong(Part::residentBytes).sum();
    }

    /** Whether every part runs. */
    public boolean isComplete() {
        return parts.stream().allMatch(part -> part.state().equals("running"));
    }

    private static Part part(
            String name, int port, ProcessRecords records, Optional<StartTimes.StartTime> start, boolean answers)
            throws IOException {
        Optional<Long> pid = records.find(name).map(ProcessHandle::pid);
        String state = pid.isEmpty() ? "stopped" : answers ? "running" : "starting";
        return new Part(name, state, port, pid, pid.isPresent() ? residentBytes(pid.get()) : 0, start);
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static long residentBytes(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (Files.notExists(status)) {
            return 0;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(kibibytes -> Long.parseLong(kibibytes) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0; // it has ended between the two looks
        }
    }
}
