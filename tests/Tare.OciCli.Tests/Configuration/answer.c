// Answers notifications of seccomp filters: answer SOCKET [NUMBER=ERRNO]...
// Prints what it is told about each filter as "told STATE", and "asked NUMBER" for each call that a program waits with.
// A call that is named fails with that errno (0: it is said to have succeeded), all others are made.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int answers[1024];

static void *answer(void *argument) {
    int listener = (int)(long)argument;
    for (;;) {
        struct seccomp_notif asked;
        struct seccomp_notif_resp said;
        memset(&asked, 0, sizeof asked);
        memset(&said, 0, sizeof said);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) {
            if (errno == EINTR || errno == ENOENT)
                continue;
            break;
        }
        printf("asked %d\n", asked.data.nr);
        fflush(stdout);
        said.id = asked.id;
        int answer = asked.data.nr >= 0 && asked.data.nr < 1024 ? answers[asked.data.nr] : -1;
        if (answer < 0)
            said.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        else
            said.error = -answer;
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &said);
    }
    close(listener);
    return NULL;
}

int main(int count, char **words) {
    memset(answers, 0xff, sizeof answers);
    for (int i = 2; i < count; i++) {
        int number, error;
        if (sscanf(words[i], "%d=%d", &number, &error) == 2)
            answers[number] = error;
    }
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, words[1], sizeof address.sun_path - 1);
    int socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(socket_, (struct sockaddr *)&address, sizeof address) != 0 || listen(socket_, 16) != 0)
        return 1;
    puts("ready");
    fflush(stdout);
    for (;;) {
        int caller = accept(socket_, NULL, NULL);
        if (caller < 0)
            return 1;
        char text[65536];
        char control[CMSG_SPACE(sizeof(int))];
        struct iovec vector = {text, sizeof text - 1};
        struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control,
                                 .msg_controllen = sizeof control};
        ssize_t length = recvmsg(caller, &message, MSG_CMSG_CLOEXEC);
        struct cmsghdr *head = length > 0 ? CMSG_FIRSTHDR(&message) : NULL;
        if (head == NULL) {
            printf("told nothing\n");
            fflush(stdout);
            close(caller);
            continue;
        }
        ssize_t more;
        while ((more = read(caller, text + length, sizeof text - 1 - length)) > 0)
            length += more;
        text[length] = 0;
        int listener;
        memcpy(&listener, CMSG_DATA(head), sizeof listener);
        printf("told %s\n", text);
        fflush(stdout);
        close(caller);
        pthread_t thread;
        pthread_create(&thread, NULL, answer, (void *)(long)listener);
        pthread_detach(thread);
    }
}
