package gpuspool.web;

/** What is asked for is not given; the text says why, and what the client can do. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status of HTTP, 400 or above */
    Refusal(int status, String text) {
        super(text);
        this.status = status;
    }

    Answer answer() {
        Answer answer = Answer.text(status, getMessage() + "\n");
        return switch (status) {
            case 401 -> answer.with("WWW-Authenticate", "Bearer realm=\"gpuspool\"");
            case 503 -> answer.with("Retry-After", "5");
            default -> answer;
        };
    }
}
