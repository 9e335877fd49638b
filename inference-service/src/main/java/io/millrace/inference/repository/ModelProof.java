package io.millrace.inference.repository;

import io.millrace.inference.model.RefusedModelException;

/** Tries a version out before it comes into the process that serves: a damaged file may end the process that loads it. */
interface ModelProof extends AutoCloseable {

    /** Believes everything. */
    ModelProof NONE = new ModelProof() {
        @Override
        public void prove(VersionFolder folder) {}

        @Override
        public void rest() {}

        @Override
        public void close() {}
    };

    /** @throws RefusedModelException if the version cannot be served, or did harm */
    void prove(VersionFolder folder) throws RefusedModelException;

    /** Gives back what has not been needed for a while. */
    void rest();

    @Override
    void close();
}
