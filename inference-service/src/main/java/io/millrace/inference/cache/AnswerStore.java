package io.millrace.inference.cache;

import io.millrace.inference.model.Tensor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers by their inputs, up to so many bytes; those that were not asked for the longest give way. For one thread. */
final class AnswerStore {

    /** About what the objects around the bytes of one answer take. */
    static final long OVERHEAD = 512;

    private record Stored(List<Tensor> answer, long bytes) {}

    private final long most;
    private final Map<InputKey, Stored> answers = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    AnswerStore(long most) {
        this.most = most;
    }

    @Nullable
    List<Tensor> find(InputKey key) {
        Stored stored = answers.get(key);
        return stored == null ? null : stored.answer();
    }

    /** @param key one whose bytes are its own */
    void put(InputKey key, List<Tensor> answer) {
        long size = OVERHEAD + key.bytes() + InputKey.bytes(answer);
        if (size > most) {
            return;
        }
        Stored before = answers.put(key, new Stored(InputKey.copies(answer), size));
        bytes += size - (before == null ? 0 : before.bytes());
        Iterator<Stored> oldest = answers.values().iterator();
        while (bytes > most) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    long bytes() {
        return bytes;
    }
}
