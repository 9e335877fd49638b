package io.millrace.starter.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses a {@code Content-Type} that names no type, over which Spring would stumble where a path takes any. */
final class MediaTypeCheck implements HandlerInterceptor {

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws HttpMediaTypeNotSupportedException {
        String header = request.getContentType();
        if (header != null && !isConcrete(header)) {
            throw new HttpMediaTypeNotSupportedException("Content-Type: " + header);
        }
        return true;
    }

    private static boolean isConcrete(String header) {
        try {
            return MediaType.parseMediaType(header).isConcrete();
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
