package io.millrace.app.definition;

/**
 * Something that is wrong in a definition.
 *
 * @param message what to change
 */
public record Finding(Place place, String message) {

    @Override
    public String toString() {
        return place + ": " + message;
    }
}
