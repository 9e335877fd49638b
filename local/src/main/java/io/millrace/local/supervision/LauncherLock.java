package io.millrace.local.supervision;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Held by the one launcher that may start parts on a state folder. The system lets it go when the launcher ends. */
public final class LauncherLock implements AutoCloseable {

    private static final String LAUNCHER = "launcher";

    private final FileChannel channel;
    private final ProcessRecords records;

    private LauncherLock(FileChannel channel, ProcessRecords records) {
        this.channel = channel;
        this.records = records;
    }

    /** The lock, for a Millrace on these ports; empty if a launcher holds it. */
    public static Optional<LauncherLock> acquire(StateFolder state, Ports ports) throws IOException {
        Files.createDirectories(state.run());
        Path file = state.run().resolve("lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            return Optional.empty();
        }
        var records = new ProcessRecords(state.run());
        records.add(LAUNCHER, ProcessHandle.current());
        Files.writeString(portBase(state), Integer.toString(ports.base()));
        return Optional.of(new LauncherLock(channel, records));
    }

    /** The process that holds it. */
    public static Optional<ProcessHandle> holder(StateFolder state) throws IOException {
        return new ProcessRecords(state.run()).find(LAUNCHER);
    }

    /** The ports of the Millrace whose launcher holds it. */
    public static Optional<Ports> ports(StateFolder state) throws IOException {
        return holder(state).isPresent()
                ? Optional.of(Ports.configured(Files.readString(portBase(state))))
                : Optional.empty();
    }

    private static Path portBase(StateFolder state) {
        return state.run().resolve("port-base");
    }

    @Override
    public void close() throws IOException {
        records.remove(LAUNCHER);
        channel.close();
    }
}
