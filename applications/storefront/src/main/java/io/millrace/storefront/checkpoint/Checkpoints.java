package io.millrace.storefront.checkpoint;

import java.util.Optional;

/** Where finished stages of a training are kept. */
public interface Checkpoints {

    /** What a stage has left, empty if it has not been finished. */
    Optional<byte[]> find(String stage);

    /** Keeps what a stage leaves; when this returns it survives the end of the process. */
    void keep(String stage, byte[] left);

    /** Keeps nothing. */
    static Checkpoints none() {
        return new Checkpoints() {
            @Override
            public Optional<byte[]> find(String stage) {
                return Optional.empty();
            }

            @Override
            public void keep(String stage, byte[] left) {}
        };
    }
}
