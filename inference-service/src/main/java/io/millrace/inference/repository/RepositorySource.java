package io.millrace.inference.repository;

/** Where the repository's folder gets its content from, if not from whoever writes into it. */
interface RepositorySource extends AutoCloseable {

    /** Brings the folder up to date, or leaves it as it is if that cannot be done now. For one thread at a time. */
    void sync();

    @Override
    void close();
}
