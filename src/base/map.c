/*
 * A weight-balanced tree (Adams' balance with Hirai and Yamamoto's factors 3 and 2): the sizes that keep it balanced
 * also answer "the entry at index n". Depth stays below 2.5 times the logarithm whatever the keys are, so recursion is
 * shallow.
 */
#include "base/map.h"
#include "base/memory.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct node {
    struct node *left;
    struct node *right;
    size_t size; /* nodes in this subtree, itself included */
    void *value;
    char key[];
};

struct map {
    struct node *root;
    void (*free_value)(void *value);
};

static size_t size_of(const struct node *node)
{
    return node == NULL ? 0 : node->size;
}

static void measure(struct node *node)
{
    node->size = size_of(node->left) + size_of(node->right) + 1;
}

static struct node *rotate_left(struct node *node)
{
    struct node *top = node->right;
    node->right = top->left;
    top->left = node;
    measure(node);
    measure(top);
    return top;
}

static struct node *rotate_right(struct node *node)
{
    struct node *top = node->left;
    node->left = top->right;
    top->right = node;
    measure(node);
    measure(top);
    return top;
}

/* Restores the balance of `node` after one subtree changed by one entry; returns the new top. */
static struct node *balance(struct node *node)
{
    size_t left = size_of(node->left) + 1;
    size_t right = size_of(node->right) + 1;
    if (right > 3 * left) {
        if (size_of(node->right->left) + 1 >= 2 * (size_of(node->right->right) + 1))
            node->right = rotate_right(node->right);
        return rotate_left(node);
    }
    if (left > 3 * right) {
        if (size_of(node->left->right) + 1 >= 2 * (size_of(node->left->left) + 1))
            node->left = rotate_left(node->left);
        return rotate_right(node);
    }
    measure(node);
    return node;
}

static struct node *insert(struct node *node, struct node *added)
{
    if (node == NULL)
        return added;
    if (strcmp(added->key, node->key) < 0)
        node->left = insert(node->left, added);
    else
        node->right = insert(node->right, added);
    return balance(node);
}

/* Takes the first node out of a subtree that has one. */
static struct node *take_first(struct node *node, struct node **ret_first)
{
    if (node->left == NULL) {
        *ret_first = node;
        return node->right;
    }
    node->left = take_first(node->left, ret_first);
    return balance(node);
}

static struct node *take(struct node *node, const char *key, struct node **ret_taken)
{
    if (node == NULL)
        return NULL;
    int order = strcmp(key, node->key);
    if (order < 0) {
        node->left = take(node->left, key, ret_taken);
    } else if (order > 0) {
        node->right = take(node->right, key, ret_taken);
    } else {
        *ret_taken = node;
        if (node->left == NULL)
            return node->right;
        if (node->right == NULL)
            return node->left;
        struct node *next = NULL;
        struct node *right = take_first(node->right, &next);
        next->left = node->left;
        next->right = right;
        return balance(next);
    }
    return balance(node);
}

static struct node *find(const struct map *map, const char *key)
{
    struct node *node = map->root;
    while (node != NULL) {
        int order = strcmp(key, node->key);
        if (order == 0)
            return node;
        node = order < 0 ? node->left : node->right;
    }
    return NULL;
}

static void free_node(const struct map *map, struct node *node)
{
    if (map->free_value != NULL)
        map->free_value(node->value);
    free(node);
}

static void free_nodes(const struct map *map, struct node *node)
{
    if (node == NULL)
        return;
    free_nodes(map, node->left);
    free_nodes(map, node->right);
    free_node(map, node);
}

struct map *map_new(void (*free_value)(void *value))
{
    struct map *map = memory_new(sizeof *map);
    map->free_value = free_value;
    return map;
}

void map_free(struct map *map)
{
    if (map == NULL)
        return;
    map_clear(map);
    free(map);
}

size_t map_count(const struct map *map)
{
    return size_of(map->root);
}

void *map_get(const struct map *map, const char *key)
{
    struct node *node = find(map, key);
    return node == NULL ? NULL : node->value;
}

void map_put(struct map *map, const char *key, void *value)
{
    struct node *node = find(map, key);
    if (node != NULL) {
        void *old = node->value;
        node->value = value;
        if (map->free_value != NULL && old != value)
            map->free_value(old);
        return;
    }
    size_t key_size = strlen(key) + 1;
    node = memory_new(sizeof *node + key_size);
    memcpy(node->key, key, key_size);
    node->value = value;
    node->size = 1;
    map->root = insert(map->root, node);
}

bool map_remove(struct map *map, const char *key)
{
    struct node *taken = NULL;
    map->root = take(map->root, key, &taken);
    if (taken == NULL)
        return false;
    free_node(map, taken);
    return true;
}

void map_clear(struct map *map)
{
    struct node *root = STEAL(map->root);
    free_nodes(map, root);
}

void *map_at(const struct map *map, size_t index, const char **ret_key)
{
    assert(index < map_count(map));
    const struct node *node = map->root;
    for (;;) {
        size_t before = size_of(node->left);
        if (index == before)
            break;
        if (index < before) {
            node = node->left;
        } else {
            index -= before + 1;
            node = node->right;
        }
    }
    if (ret_key != NULL)
        *ret_key = node->key;
    return node->value;
}
