package io.millrace.app.records;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Records on their way, in files of a folder: what was appended is there after a killed process, in the same order, until
 * it is done. All integers are big-endian:
 *
 * <pre>
 *   00000000000000000017.log   records, one after another:  int32 length   int32 CRC-32C of the record   the record
 *   done                       int64 number of the file   int64 offset in it   int64 CRC-32C of the 16 bytes before
 * </pre>
 *
 * <p>A file that has reached its size is closed, and deleted when all of it is done. What follows a damaged record in its
 * file is given up. If {@code done} is lost, records are read again. Nothing is forced to the disk but by {@link #force},
 * so what a power cut may take is what was appended since.
 */
final class RecordLog implements AutoCloseable {

    private static final String SUFFIX = ".log";
    private static final int HEAD = 2 * Integer.BYTES;
    private static final int LONGEST = 64 << 20;

    /** What goes when there is no room. */
    enum Full {
        /** The oldest file goes, and with it all of its records. */
        DROP_OLDEST,
        /** The new record is not taken. */
        DROP_NEWEST
    }

    private final Path folder;
    private final long fileBytes;
    private final long maxBytes;
    private final Full full;
    private final Deque<Segment> segments = new ArrayDeque<>(); // oldest first; the last one is written
    private final FileChannel done;
    private long offset; // in the oldest file: what is before is done
    private long damaged;
    private boolean unforced;

    private RecordLog(Path folder, long fileBytes, long maxBytes, Full full) throws IOException {
        this.folder = folder;
        this.fileBytes = fileBytes;
        this.maxBytes = maxBytes;
        this.full = full;
        this.done = FileChannel.open(
                folder.resolve("done"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * Opens the log in this folder, with what an earlier process left in it.
     *
     * @param fileBytes the size at which a new file is begun
     * @param maxBytes how large all files together may become
     */
    static RecordLog open(Path folder, long fileBytes, long maxBytes, Full full) throws IOException {
        Files.createDirectories(folder);
        RecordLog log = new RecordLog(folder, fileBytes, maxBytes, full);
        log.recover();
        return log;
    }

    /**
     * One file.
     *
     * @param records how many whole records it was opened with, and got since
     */
    private static final class Segment {
        final long number;
        final Path path;
        final FileChannel channel;
        long bytes;
        long records;

        Segment(long number, Path path) throws IOException {
            this.number = number;
            this.path = path;
            this.channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
    }

    private void recover() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(path -> path.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            Segment segment = new Segment(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())), file);
            segments.add(segment);
            long size = segment.channel.size();
            while (next(segment, segment.bytes) instanceof byte[] record) {
                segment.bytes += HEAD + record.length;
                segment.records++;
            }
            if (segment.bytes < size) {
                segment.channel.truncate(segment.bytes); // torn by a kill, or damaged: the rest cannot be told apart
                damaged++;
            }
        }
        ByteBuffer mark = ByteBuffer.allocate(3 * Long.BYTES);
        done.read(mark, 0);
        if (!mark.hasRemaining() && mark.getLong(16) == crc(mark.array(), 16)) {
            while (segments.size() > 1 && oldest().number < mark.getLong(0)) {
                deleteOldest();
            }
            if (!segments.isEmpty() && oldest().number == mark.getLong(0)) {
                offset = Math.min(mark.getLong(8), oldest().bytes);
            }
        }
        if (segments.isEmpty()) {
            begin(mark.getLong(0) + 1);
        }
    }

    private Segment oldest() {
        return segments.getFirst();
    }

    private void begin(long number) throws IOException {
        segments.add(new Segment(number, folder.resolve("%020d%s".formatted(number, SUFFIX))));
    }

    private void deleteOldest() throws IOException {
        Segment segment = segments.removeFirst();
        segment.channel.close();
        Files.deleteIfExists(segment.path);
        offset = 0;
    }

    /**
     * Adds a record.
     *
     * @return how many records were dropped to stay inside the limit
     */
    synchronized long append(byte[] record) throws IOException {
        long dropped = 0;
        if (HEAD + record.length > maxBytes) {
            return 1;
        }
        while (bytes() + HEAD + record.length > maxBytes) {
            if (full == Full.DROP_NEWEST || segments.size() == 1) {
                return dropped + 1;
            }
            dropped += remaining(oldest());
            deleteOldest();
        }
        Segment last = segments.getLast();
        if (last.bytes >= fileBytes) {
            last.channel.force(false); // force() knows only the file that is written
            begin(last.number + 1);
            last = segments.getLast();
        }
        ByteBuffer framed = ByteBuffer.allocate(HEAD + record.length)
                .putInt(record.length)
                .putInt((int) crc(record, record.length))
                .put(record)
                .flip();
        long at = last.bytes;
        while (framed.hasRemaining()) {
            at += last.channel.write(framed, at);
        }
        last.bytes = at;
        last.records++;
        unforced = true;
        return dropped;
    }

    private long remaining(Segment segment) throws IOException {
        if (segment != oldest() || offset == 0) {
            return segment.records;
        }
        long count = 0;
        long at = offset;
        while (next(segment, at) instanceof byte[] record) {
            at += HEAD + record.length;
            count++;
        }
        return count;
    }

    /** The oldest records that are not done, in order, so many as fit into this many bytes, but at least one if there is. */
    synchronized Batch read(int atMostBytes) throws IOException {
        List<byte[]> records = new ArrayList<>();
        int bytes = 0;
        long at = offset;
        Segment segment = oldest();
        while (next(segment, at) instanceof byte[] record
                && (records.isEmpty() || bytes + record.length <= atMostBytes)) {
            records.add(record);
            bytes += record.length;
            at += HEAD + record.length;
        }
        if (records.isEmpty() && segments.size() > 1) {
            deleteOldest();
            mark();
            return read(atMostBytes);
        }
        return new Batch(records, segment.number, at);
    }

    /** Records, and where the next one is. */
    record Batch(List<byte[]> records, long file, long end) {}

    /** These records need not be read again. */
    synchronized void done(Batch batch) throws IOException {
        if (oldest().number != batch.file()) {
            return; // dropped in the meantime
        }
        offset = batch.end();
        Segment first = oldest();
        if (segments.size() == 1 && offset == first.bytes && first.bytes >= fileBytes) {
            begin(first.number + 1);
        }
        if (segments.size() > 1 && offset == first.bytes) {
            deleteOldest();
        }
        mark();
    }

    private void mark() throws IOException {
        ByteBuffer mark =
                ByteBuffer.allocate(3 * Long.BYTES).putLong(oldest().number).putLong(offset);
        mark.putLong(crc(mark.array(), 16)).flip();
        while (mark.hasRemaining()) {
            done.write(mark, mark.position());
        }
    }

    /** The record at this place, or {@code null} where there is no whole one. */
    private static byte @Nullable [] next(Segment segment, long at) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        if (!fill(segment, head, at)) {
            return null;
        }
        int length = head.getInt(0);
        if (length < 0 || length > LONGEST) {
            return null;
        }
        ByteBuffer record = ByteBuffer.allocate(length);
        return fill(segment, record, at + HEAD) && (int) crc(record.array(), length) == head.getInt(Integer.BYTES)
                ? record.array()
                : null;
    }

    private static boolean fill(Segment segment, ByteBuffer buffer, long at) throws IOException {
        while (buffer.hasRemaining()) {
            if (segment.channel.read(buffer, at + buffer.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    private static long crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }

    /** Bytes of records that are not done. */
    synchronized long waitingBytes() {
        return bytes() - offset;
    }

    private long bytes() {
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += segment.bytes;
        }
        return bytes;
    }

    /** How many files ended in something that is no whole record when they were opened. */
    synchronized long damaged() {
        return damaged;
    }

    /** Returns when all that was appended is on the disk. */
    void force() throws IOException {
        FileChannel last;
        synchronized (this) {
            if (!unforced) {
                return;
            }
            unforced = false;
            last = segments.getLast().channel;
        }
        last.force(false); // outside the lock: appending goes on meanwhile
    }

    @Override
    public synchronized void close() {
        try {
            for (Segment segment : segments) {
                segment.channel.close();
            }
            done.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
