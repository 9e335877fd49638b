package io.millrace.storefront;

/** The command line is wrong; the message says what to change. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
