# The service without root. Build and run it:
#   docker build -t pingan-logic .
#   docker run -p 8014:8014 -e PINGAN_TOKEN=... -v "$PWD/data:/data:ro" --read-only --tmpfs /tmp pingan-logic
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md ./
COPY pingan_logic pingan_logic
COPY policies policies
COPY facts facts
RUN pip wheel --no-cache-dir --wheel-dir /wheels ".[server,report,excel]"

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin pingan
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-index --find-links /wheels "pingan-logic[server,report,excel]" \
    && rm -rf /wheels
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /data
EXPOSE 8014
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8014/health', timeout=4)"]
ENTRYPOINT ["python", "-m", "pingan_logic"]
# any address but this machine's own needs a token: PINGAN_TOKEN, or --token-file
CMD ["serve", "--host", "0.0.0.0", "--port", "8014", "--facts", "/data"]
