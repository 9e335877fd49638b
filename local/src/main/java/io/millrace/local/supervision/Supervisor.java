package io.millrace.local.supervision;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts the stores and the broker, and the services as soon as what they need is there; watches them; stops them in reverse order. */
public final class Supervisor {

    private final Repository repository;
    private final StateFolder state;
    private final Ports ports;
    private final Progress progress;
    private final RunningParts parts;
    private final StartCaches caches;
    private final Map<String, Concurrently.Start> stores;
    private final Map<String, Concurrently.Start> dependents = new LinkedHashMap<>();
    private final Map<String, Concurrently.Start> independents = new LinkedHashMap<>();

    /** As many JVMs start together as have a core: more take from each other, and cost half as much again. */
    private final Turns turns = new Turns(Math.max(2, Runtime.getRuntime().availableProcessors()));

    public Supervisor(Repository repository, StateFolder state, Ports ports, Progress progress) {
        this.repository = repository;
        this.state = state;
        this.ports = ports;
        this.progress = progress;
        this.parts = new RunningParts(state);
        var servers = new Infrastructure(state, ports, parts, progress);
        this.stores = servers.stores();
        servers.broker().forEach((part, start) -> independents.put(part, turns.inTurn(start)));
        var rehearsals = new ArrayList<>(List.of(servers.kafka()));
        // who is asked before who asks: the one is ready only when the other answers
        for (Service service : List.of(Service.values()).reversed()) {
            var process = new ServiceProcess(service, repository, state, ports);
            rehearsals.add(process);
            (service.needsStores() ? dependents : independents)
                    .put(service.title(), turns.inTurn(() -> process.start(parts, progress)));
        }
        this.caches = new StartCaches(rehearsals, state, parts);
    }

    /** What would keep it from starting, each a sentence; to be asked after {@link Leftovers#end}. */
    public List<String> problems() {
        var problems = new ArrayList<>(Preflight.problems(ports, state));
        for (Service service : Service.values()) {
            try {
                repository.jar(service);
            } catch (IOException e) {
                problems.add(String.valueOf(e.getMessage()));
                break; // one build makes them all
            }
        }
        return problems;
    }

    /** Starts all. When it fails, what has been started runs on until {@link #stop}. */
    public void start() throws PartFailed, InterruptedException {
        try {
            new HeldParts(state).clear();
            state.ensureDemoKey();
        } catch (IOException e) {
            throw new PartFailed("launcher", "The state folder cannot be written: " + e, e);
        }
        Concurrently.Start dependent = () -> {
            Concurrently.run(List.copyOf(stores.values()));
            Concurrently.run(List.copyOf(dependents.values()));
        };
        List<Concurrently.Start> starts = new ArrayList<>(independents.values());
        starts.add(dependent);
        Concurrently.run(starts);
    }

    /** The processes, for programs that run among them. */
    public RunningParts parts() {
        return parts;
    }

    /** Where it says how it comes along. */
    public Progress progress() {
        return progress;
    }

    /** Prepares, beside what runs, for the next start to be faster. */
    public void prepareNextStart() {
        Thread.ofVirtual().name("start-caches").start(caches::make);
    }

    /** Lets single parts rest and run again; returns only by the failure of a part that has ended by itself. */
    public void watch() throws PartFailed, InterruptedException {
        Map<String, Concurrently.Start> all = new LinkedHashMap<>(stores);
        all.putAll(dependents);
        all.putAll(independents);
        parts.watch(all, progress);
    }

    /** Ends all processes, and is not done before. May be called more than once and by many threads. */
    public void stop() {
        parts.stop(progress);
    }

    /** Whether it was told to stop, so that what fails now is no news. */
    public boolean isStopping() {
        return parts.isStopping();
    }
}
