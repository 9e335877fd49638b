package io.millrace.inference.repository;

/** The right to use a version that stays loaded meanwhile. */
public final class Lease implements AutoCloseable {

    private final ServingVersion version;

    Lease(ServingVersion version) {
        this.version = version;
    }

    public ServingVersion version() {
        return version;
    }

    @Override
    public void close() {
        version.release();
    }
}
