package io.millrace.inference.cache;

import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.Tensor;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a request, to find the answer by. Two are equal if all their bytes are, whatever the hash says; it begins
 * with a number that nobody outside knows, so that nobody can make many inputs of one hash.
 */
final class InputKey {

    private static final long SEED = new SecureRandom().nextLong();
    private static final long FACTOR =
            0x9E3779B97F4A7C15L; // 2^64 by the golden ratio, as in Knuth's multiplicative hashing

    private final List<Tensor> tensors;
    private final int hash;

    private InputKey(List<Tensor> tensors, int hash) {
        this.tensors = tensors;
        this.hash = hash;
    }

    /** Only looks at the bytes, which belong to the caller. */
    static InputKey of(ModelInputs inputs) {
        long hash = SEED;
        for (Tensor tensor : inputs.tensors()) {
            hash = mixed(hash, tensor.shape().hashCode());
            ByteBuffer data = tensor.data();
            while (data.remaining() >= Long.BYTES) {
                hash = mixed(hash, data.getLong());
            }
            while (data.hasRemaining()) {
                hash = mixed(hash, data.get());
            }
        }
        return new InputKey(inputs.tensors(), Long.hashCode(hash));
    }

    private static long mixed(long hash, long more) {
        long next = (hash ^ more) * FACTOR;
        return next ^ next >>> 29;
    }

    /** The same with bytes of its own, to be kept: the caller's may be a small part of a large message. */
    InputKey kept() {
        return new InputKey(copies(tensors), hash);
    }

    static List<Tensor> copies(List<Tensor> tensors) {
        List<Tensor> copies = new ArrayList<>(tensors.size());
        for (Tensor tensor : tensors) {
            ByteBuffer data = tensor.data();
            copies.add(new Tensor(
                    tensor.name(),
                    tensor.datatype(),
                    tensor.shape(),
                    ByteBuffer.allocate(data.remaining()).put(data).flip()));
        }
        return List.copyOf(copies);
    }

    static long bytes(List<Tensor> tensors) {
        long bytes = 0;
        for (Tensor tensor : tensors) {
            bytes += tensor.data().remaining();
        }
        return bytes;
    }

    long bytes() {
        return bytes(tensors);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof InputKey key) || hash != key.hash || tensors.size() != key.tensors.size()) {
            return false;
        }
        for (int i = 0; i < tensors.size(); i++) {
            Tensor mine = tensors.get(i);
            Tensor its = key.tensors.get(i);
            if (!mine.shape().equals(its.shape()) || !mine.data().equals(its.data())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
